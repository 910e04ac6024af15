/**
 * Builds and operates the etcd cluster that Patroni keeps its state in. Start at {@link io.pgha.etcd.Etcd}: it gives
 * the component for {@code PgHa.builder().install(..)} and the {@link io.pgha.etcd.EtcdClient}.
 */
@NullMarked
@HouseStyle
package io.pgha.etcd;

import io.pgha.etcd.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
