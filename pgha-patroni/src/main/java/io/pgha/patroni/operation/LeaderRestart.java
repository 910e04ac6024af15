package io.pgha.patroni.operation;

/** What a rolling restart does with the leader. */
public enum LeaderRestart {
    /** PostgreSQL is restarted where it is and leads on; writes wait meanwhile. */
    IN_PLACE,
    /** Another member, restarted before, takes over; the former leader restarts as its replica. */
    SWITCHOVER
}
