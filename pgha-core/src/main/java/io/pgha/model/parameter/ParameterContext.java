package io.pgha.model.parameter;

/** Says who can change a parameter of PostgreSQL and when, as {@code pg_settings.context} has it. Immutable. */
public enum ParameterContext {
    /** Nobody: it shows something that was decided elsewhere. */
    INTERNAL,
    /** Only a start of the server. */
    POSTMASTER,
    /** A reload of the configuration. */
    SIGHUP,
    /** A reload, for new connections; a superuser when connecting. */
    SUPERUSER_BACKEND,
    /** A reload, for new connections; anybody when connecting. */
    BACKEND,
    /** A reload, or a superuser at any time. */
    SUPERUSER,
    /** A reload, or anybody at any time. */
    USER
}
