package io.pgha.patroni.operation;

/** Where a member that is reinitialized copies its data from. */
public enum ReinitSource {
    /** The member that Patroni chooses: one with the tag {@code clonefrom}, else the leader. */
    PATRONIS_CHOICE,
    /** The leader; Patroni 4.1 and later. */
    LEADER
}
