package io.pgha.patroni.operation;

/** How a switchover ended well. */
public enum SwitchoverOutcome {
    /** The member that was asked for, or chosen, leads. */
    SWITCHED,
    /** The leader changed, but another member than the one asked for won. */
    SWITCHED_TO_ANOTHER,
    /** The member that was asked for led already; nothing was done. */
    ALREADY_LEADER,
    /** Patroni will do it later. */
    SCHEDULED
}
