/** What the clients of etcd, Patroni and PostgreSQL, of certificates and of machines have in common. */
@NullMarked
package io.pgha.client;

import org.jspecify.annotations.NullMarked;
