/** Passwords and keys that are not shown, and where they are kept. Start at {@link io.pgha.secret.SecretStore}. */
@NullMarked
package io.pgha.secret;

import org.jspecify.annotations.NullMarked;
