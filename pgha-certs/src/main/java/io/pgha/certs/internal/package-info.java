/** How Immutables writes the values of this module; and below, how the doors do their work. Not for use by others. */
@NullMarked
package io.pgha.certs.internal;

import org.jspecify.annotations.NullMarked;
