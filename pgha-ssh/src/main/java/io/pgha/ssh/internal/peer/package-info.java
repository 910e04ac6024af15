/** Whom one talks to, what that server says, and how what goes wrong with it is told. */
@NullMarked
package io.pgha.ssh.internal.peer;

import org.jspecify.annotations.NullMarked;
