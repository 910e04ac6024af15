/** Requests to members of etcd: by gRPC and to their gateways, with log-in, TLS, failures and threads. */
@NullMarked
package io.pgha.etcd.internal.rpc;

import org.jspecify.annotations.NullMarked;
