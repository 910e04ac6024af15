/**
 * Declares PostgreSQL under Patroni: packages, certificates, configuration, members, and the dynamic configuration.
 * Reached through {@code io.pgha.patroni.Patroni.component()}.
 */
@NullMarked
package io.pgha.patroni.internal.component;

import org.jspecify.annotations.NullMarked;
