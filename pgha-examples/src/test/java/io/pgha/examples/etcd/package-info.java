/** What the client of etcd and the cluster's lock do on real hosts. */
@NullMarked
package io.pgha.examples.etcd;

import org.jspecify.annotations.NullMarked;
