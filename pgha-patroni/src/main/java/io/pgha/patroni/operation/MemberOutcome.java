package io.pgha.patroni.operation;

/** How an operation ended on one member. */
public enum MemberOutcome {
    /** It was done. */
    DONE,
    /** Patroni will do it later. */
    SCHEDULED,
    /** There was nothing to do: a condition was not met. */
    SKIPPED,
    /** It was not done. */
    FAILED,
    /** It was asked for, and whether it was or will be done cannot be said. */
    UNKNOWN,
    /** It was not asked for, because of what happened on another member. */
    NOT_ASKED
}
