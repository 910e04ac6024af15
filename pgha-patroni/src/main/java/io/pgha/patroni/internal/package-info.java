/**
 * How Immutables writes the values of this module; and below, how the client and the component do their work. Not for
 * use by others.
 */
@NullMarked
package io.pgha.patroni.internal;

import org.jspecify.annotations.NullMarked;
