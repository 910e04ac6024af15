package io.pgha.etcd;

import io.pgha.port.DistributedConfigStore.Versioned;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Patroni keeps in etcd, all of one moment. Immutable. What Patroni would read as absent is absent; {@link #raw()}
 * has it all.
 *
 * @param revision etcd's revision of that moment
 * @param initialize the database system's identifier; empty text while a node bootstraps, absent before
 * @param leader the name in the leader's key; absent where nobody holds the lock
 * @param members what each node has published, by name
 * @param config the dynamic configuration
 * @param failover a switchover or failover that was asked for and has not been taken up
 * @param history the timelines
 * @param sync the synchronous standbys; absent where synchronous mode is off
 * @param status how far the leader is
 * @param failsafe API URL by member name, where failsafe mode is on
 * @param raw the value of every key below the cluster's path, by the path's rest
 */
public record DcsView(
        long revision,
        Optional<String> initialize,
        Optional<String> leader,
        List<Member> members,
        Optional<Versioned> config,
        Optional<Failover> failover,
        List<Timeline> history,
        Optional<Sync> sync,
        Optional<Status> status,
        Map<String, String> failsafe,
        Map<String, String> raw) {

    /**
     * What a node has published. Immutable.
     *
     * @param name its name
     * @param role {@code primary} ({@code master} before Patroni 4), {@code replica} or another of Patroni's
     * @param state {@code running}, {@code stopped} or another of Patroni's
     * @param version Patroni's version
     * @param apiUrl its REST API
     * @param connUrl its PostgreSQL
     * @param timeline its timeline
     * @param xlogLocation its position in the WAL, in bytes
     * @param tags its tags
     * @param pendingRestart whether parameters wait for a restart
     */
    public record Member(
            String name,
            Optional<String> role,
            Optional<String> state,
            Optional<String> version,
            Optional<URI> apiUrl,
            Optional<URI> connUrl,
            OptionalLong timeline,
            OptionalLong xlogLocation,
            Map<String, String> tags,
            boolean pendingRestart) {}

    /**
     * A request that Patroni has not taken up. Immutable.
     *
     * @param leader who leads now; absent for a failover
     * @param member who shall lead
     * @param scheduledAt when, as it was written
     */
    public record Failover(Optional<String> leader, Optional<String> member, Optional<String> scheduledAt) {}

    /**
     * A timeline that has ended. Immutable.
     *
     * @param timeline its number
     * @param lsn where it ended, in bytes
     * @param reason why
     * @param at when, as it was written
     * @param leader who led after it
     */
    public record Timeline(long timeline, long lsn, String reason, Optional<String> at, Optional<String> leader) {}

    /**
     * Who replicates synchronously. Immutable.
     *
     * @param leader the leader that decided it
     * @param standbys the standbys
     * @param quorum how many of them must confirm, less one; 0 without quorum commit
     */
    public record Sync(String leader, List<String> standbys, long quorum) {}

    /**
     * How far the leader is. Immutable.
     *
     * @param optime its position in the WAL, in bytes
     * @param slots position by replication slot, in bytes
     */
    public record Status(OptionalLong optime, Map<String, Long> slots) {}

    /** Returns one line. */
    @Override
    public String toString() {
        return "revision " + revision + ": leader " + leader.orElse("none") + ", members "
                + members.stream().map(Member::name).toList();
    }
}
