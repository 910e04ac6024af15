/** Keys and certificates by themselves: of what kind they are, and how they are made, read, written and encrypted. */
@NullMarked
package io.pgha.certs.internal.crypto;

import org.jspecify.annotations.NullMarked;
