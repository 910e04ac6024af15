/**
 * Where everything of etcd is on its hosts, and how Immutables writes the values of this module; and below, how the
 * clients and the component do their work. Not for use by others.
 */
@NullMarked
package io.pgha.etcd.internal;

import org.jspecify.annotations.NullMarked;
