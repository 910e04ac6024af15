/**
 * HAProxy in front of PostgreSQL, and keepalived, which moves the virtual IPs between the HAProxy nodes. Start at
 * {@link io.pgha.proxy.HaproxyComponent} and {@link io.pgha.proxy.KeepalivedComponent}.
 */
@NullMarked
package io.pgha.proxy;

import org.jspecify.annotations.NullMarked;
