/**
 * Declares the etcd cluster: certificates, settings, members and authentication. Reached through
 * {@code io.pgha.etcd.Etcd.component()}.
 */
@NullMarked
package io.pgha.etcd.internal.component;

import org.jspecify.annotations.NullMarked;
