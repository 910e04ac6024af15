package io.pgha.patroni.view;

/**
 * A PostgreSQL parameter whose new value waits for a restart. Immutable.
 *
 * @param oldValue the value in force, with its unit, for example {@code 16MB}
 * @param newValue the value after the restart; {@code ?} where Patroni cannot tell
 */
public record ParameterChange(String oldValue, String newValue) {}
