/**
 * Turns etcd's authentication on and off while Patroni works: users and roles, and the proof that every Patroni writes.
 */
@NullMarked
package io.pgha.etcd.internal.auth;

import org.jspecify.annotations.NullMarked;
