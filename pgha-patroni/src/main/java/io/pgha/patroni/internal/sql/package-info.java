/**
 * Connects to members' PostgreSQL for {@code PatroniClient.query}; nothing here is meant to be called by users.
 *
 * <p>The JDBC driver makes its socket factories itself, by class name, so they have to be public.
 */
@NullMarked
package io.pgha.patroni.internal.sql;

import org.jspecify.annotations.NullMarked;
