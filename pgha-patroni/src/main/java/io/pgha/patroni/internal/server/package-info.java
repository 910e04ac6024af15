/** What a member's Patroni says of itself, and its PostgreSQL of itself, as a host is asked. */
@NullMarked
package io.pgha.patroni.internal.server;

import org.jspecify.annotations.NullMarked;
