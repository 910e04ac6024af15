package io.pgha.model.os;

/** Names who keeps the clocks of the hosts right. */
public enum TimeSync {
    /** chrony is installed and enabled; the default. */
    CHRONY,
    /** Whatever the hosts already have; pgha only checks the clocks. */
    EXISTING
}
