/**
 * How Immutables writes the values of this module; and below, how the transport does its work. Not for use by others.
 */
@NullMarked
package io.pgha.ssh.internal;

import org.jspecify.annotations.NullMarked;
