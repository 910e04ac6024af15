/**
 * Builds and operates the etcd cluster that Patroni keeps its state in. Start at {@link io.pgha.etcd.Etcd}.
 */
@NullMarked
package io.pgha.etcd;

import org.jspecify.annotations.NullMarked;
