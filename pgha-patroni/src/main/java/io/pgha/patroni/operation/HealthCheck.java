package io.pgha.patroni.operation;

/** The health checks of Patroni's REST API, as load balancers and orchestrators use them. */
public enum HealthCheck {
    /** Patroni's own loop is alive. */
    LIVENESS("/liveness"),
    /** The member is ready to serve; Patroni 4.1 and later also looks at the replication. */
    READINESS("/readiness"),
    /** PostgreSQL is up, whatever its role. */
    HEALTH("/health"),
    /** The member leads a primary cluster and accepts writes. */
    PRIMARY("/primary"),
    /** The same by its other name. */
    READ_WRITE("/read-write"),
    /** The member holds the leader key, of a primary cluster or of a standby cluster. */
    LEADER("/leader"),
    /** The member leads a standby cluster. */
    STANDBY_LEADER("/standby-leader"),
    /** The member is a replica that may serve reads. */
    REPLICA("/replica"),
    /** The member may serve reads, a leader included. */
    READ_ONLY("/read-only"),
    /** The member is a synchronous standby. */
    SYNCHRONOUS("/synchronous"),
    /** The member is a replica that commits do not wait for. */
    ASYNCHRONOUS("/asynchronous"),
    /** The member is a synchronous standby or the leader. */
    READ_ONLY_SYNC("/read-only-sync"),
    /** The member counts towards the quorum of commits; Patroni 4.0 and later. */
    QUORUM("/quorum"),
    /** The member counts towards the quorum or leads; Patroni 4.0 and later. */
    READ_ONLY_QUORUM("/read-only-quorum");

    private final String path;

    HealthCheck(String path) {
        this.path = path;
    }

    /**
     * Returns where the REST API answers it.
     *
     * @return the path, for example {@code /read-only}
     */
    public String path() {
        return path;
    }

    /** Returns whether a replica's lag can make it fail on every version. */
    boolean weighsLag() {
        return switch (this) {
            case REPLICA, READ_ONLY, SYNCHRONOUS, ASYNCHRONOUS, READ_ONLY_SYNC, QUORUM, READ_ONLY_QUORUM, READINESS ->
                true;
            default -> false;
        };
    }
}
