package io.pgha.model.etcd;

import io.pgha.Problem;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Configures the etcd cluster.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface EtcdConfig {
    /**
     * Returns the TCP port for clients.
     *
     * @return the port; 2379 by default, etcd's own
     */
    @Value.Default
    default int clientPort() {
        return 2379;
    }

    /**
     * Returns the TCP port for other members.
     *
     * @return the port; 2380 by default, etcd's own
     */
    @Value.Default
    default int peerPort() {
        return 2380;
    }

    /**
     * Returns how often a leader tells the other members that it lives.
     *
     * @return whole milliseconds, 10 ms to 10 s; 250 ms by default (etcd's 100 ms is tight for virtual machines)
     */
    @Value.Default
    default Duration heartbeatInterval() {
        return Duration.ofMillis(250);
    }

    /**
     * Returns how long a member waits without a heartbeat before it stands for election.
     *
     * @return whole milliseconds, at least five heartbeats and at most 50 s as etcd demands; 2.5 s by default, ten
     *     heartbeats as etcd advises
     */
    @Value.Default
    default Duration electionTimeout() {
        return Duration.ofMillis(2500);
    }

    /**
     * Returns the size at which the database stops taking writes.
     *
     * @return bytes, at least 16 MiB; 4 GiB by default (etcd's 2 GiB is the usual cause of NOSPACE)
     */
    @Value.Default
    default long quotaBackendBytes() {
        return 4L * 1024 * 1024 * 1024;
    }

    /**
     * Returns how much history is kept.
     *
     * @return whole seconds, at most 365 days; 1 h by default (etcd's own is to keep everything)
     */
    @Value.Default
    default Duration autoCompactionRetention() {
        return Duration.ofHours(1);
    }

    /**
     * Returns whether users must log in. A running cluster is changed either way while it serves.
     *
     * @return {@link EtcdAuthentication#DISABLED} by default, etcd's own: mutual TLS alone
     */
    @Value.Default
    default EtcdAuthentication authentication() {
        return EtcdAuthentication.DISABLED;
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> EtcdRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link EtcdConfig}. Confined to one thread. */
    final class Builder extends ImmutableEtcdConfig.Builder {
        Builder() {}
    }
}
