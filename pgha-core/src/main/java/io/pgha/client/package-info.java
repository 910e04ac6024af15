/** What the clients of etcd, Patroni and PostgreSQL, of certificates and of machines have in common: where a server is, and how long to wait for it. */
@NullMarked
package io.pgha.client;

import org.jspecify.annotations.NullMarked;
