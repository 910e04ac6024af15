package io.pgha.model.parameter;

/** Names the kinds of PostgreSQL's parameters, as {@code pg_settings.vartype} has them. Immutable. */
public enum ParameterKind {
    /** On or off. */
    BOOL,
    /** A whole number, often with a unit. */
    INTEGER,
    /** A number with a fraction, sometimes with a unit. */
    REAL,
    /** Any text; PostgreSQL judges some of them by rules of their own. */
    STRING,
    /** One of a few words. */
    ENUM
}
