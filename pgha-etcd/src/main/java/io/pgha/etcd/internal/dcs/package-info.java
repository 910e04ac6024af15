/** What is kept in etcd: Patroni's keys, read, followed and changed, and the lock of operations. */
@NullMarked
package io.pgha.etcd.internal.dcs;

import org.jspecify.annotations.NullMarked;
