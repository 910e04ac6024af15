package io.pgha.patroni.internal.version;

import java.util.List;
import java.util.stream.Stream;

/** What Patroni's REST API learned when: the one table of differences between versions. */
public enum Feature {
    /** Replicas that replicate are called {@code streaming}; before, every running one is just {@code running}. */
    REPLICATION_STATE("3.0.4"),
    /** The title of {@code patronictl list} has the system identifier. */
    SYSTEM_ID_IN_TITLE("3.1.1"),
    /** {@code GET /cluster} says the scope, {@code GET /patroni} the member's name. */
    SCOPE_IN_CLUSTER("3.2.0"),
    /** A failover request with a leader is a switchover; a failover cannot be scheduled. */
    STRICT_SWITCHOVER("3.2.0"),
    /** {@code pending_restart_reason} says which settings wait. */
    PENDING_RESTART_REASON("3.3.0"),
    /** The status document says {@code primary} where it said {@code master}; quorum commit exists. */
    PRIMARY_ROLE("4.0.0"),
    /** {@code GET /cluster} has received and replayed positions with their lags. */
    LSN_IN_CLUSTER("4.1.0"),
    /** A failover may go to a member that is not synchronous; before, the leader cleared such a request. */
    FAILOVER_TO_ASYNCHRONOUS("3.2.0"),
    /** {@code /quorum} and {@code /read-only-quorum}; before, the latter answered as {@code /read-only} does. */
    QUORUM_CHECKS("4.0.0"),
    /** {@code GET /readiness} looks at the replication, with {@code lag} and {@code mode}. */
    READINESS_LAG("4.1.0"),
    /** A member can be told to copy its data from the leader. */
    REINIT_FROM_LEADER("4.1.0"),
    /** A primary that becomes the leader of a standby cluster stops cleanly first. */
    CLUSTER_DEMOTION("4.1.0"),
    /** {@code GET /replica?replication_state=streaming} is understood. */
    REPLICATION_STATE_CHECK("4.2.0"),
    /** {@code primary_race_backoff} holds replicas back in the race for the leader key. */
    RACE_BACKOFF("4.2.0"),
    /** {@code postgresql} has sections for one role, such as {@code parameters_primary}. */
    ROLE_SECTIONS("4.2.0"),
    /** Slow commands no longer cost a thread each: requests are served by a pool. */
    REST_THREAD_POOL("3.3.9", "4.0.8", "4.1.1");

    @SuppressWarnings("ImmutableEnumChecker") // Stream.toList() is unmodifiable
    private final List<PatroniVersion> firsts;

    Feature(String... firsts) {
        this.firsts = Stream.of(firsts)
                .map(text -> PatroniVersion.parse(text).orElseThrow())
                .toList();
    }

    /**
     * Returns the first version of each release line that has it, in ascending order; later lines have it from the
     * start.
     */
    public List<PatroniVersion> firsts() {
        return firsts;
    }
}
