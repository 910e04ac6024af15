/**
 * Whom a TLS client trusts and what it shows, read from PEM text into the runtime's own types.
 *
 * <p>Start at {@link io.pgha.tls.Trust} and {@link io.pgha.tls.Identity}, which read {@link io.pgha.tls.Pem}; the
 * clients of etcd, Patroni and PostgreSQL, and the handshakes that look at certificates, all stand on them.
 */
@NullMarked
package io.pgha.tls;

import org.jspecify.annotations.NullMarked;
