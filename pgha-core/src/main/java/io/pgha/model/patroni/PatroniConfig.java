package io.pgha.model.patroni;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Configures Patroni.
 *
 * <p>{@code loopWait + 2 x retryTimeout} is at most {@code ttl}: Patroni would not refuse another choice but change it
 * silently, so that the cluster would never be as it was described; {@link ClusterConfig} refuses it.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface PatroniConfig {
    /**
     * Returns the path in etcd below which Patroni keeps its state.
     *
     * @return the path, without {@code /} at its end; {@code /service} by default, Patroni's own
     */
    @Value.Default
    default String namespace() {
        return "/service";
    }

    /**
     * Returns the TCP port of the REST API.
     *
     * @return the port; 8008 by default, Patroni's own
     */
    @Value.Default
    default int restPort() {
        return 8008;
    }

    /**
     * Returns the user of the REST API's unsafe verbs.
     *
     * @return 1 to 63 letters, digits, {@code _}, {@code .} and {@code -}; {@code patroni} by default
     */
    @Value.Default
    default String restUsername() {
        return "patroni";
    }

    /**
     * Returns how long the leader's key lives without renewal.
     *
     * @return whole seconds, at least 20 s; 30 s by default, Patroni's own
     */
    @Value.Default
    default Duration ttl() {
        return Duration.ofSeconds(30);
    }

    /**
     * Returns how long Patroni sleeps between two rounds.
     *
     * @return whole seconds, at least 1 s; 10 s by default, Patroni's own
     */
    @Value.Default
    default Duration loopWait() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns how long etcd and PostgreSQL operations are retried before the leader steps down.
     *
     * @return whole seconds, at least 3 s; 10 s by default, Patroni's own
     */
    @Value.Default
    default Duration retryTimeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Returns the lag above which a replica is no candidate in an automatic failover.
     *
     * @return bytes, 0 or more; 1 MiB by default, Patroni's own
     */
    @Value.Default
    default long maximumLagOnFailover() {
        return 1048576;
    }

    /**
     * Returns the mode of synchronous replication.
     *
     * @return the mode; {@link SynchronousMode#OFF} by default, Patroni's own
     */
    @Value.Default
    default SynchronousMode synchronousMode() {
        return SynchronousMode.OFF;
    }

    /**
     * Returns whether the leader goes on while etcd is down and all members still answer it.
     *
     * @return the mode; {@link FailsafeMode#ON} by default (Patroni's own is off)
     */
    @Value.Default
    default FailsafeMode failsafeMode() {
        return FailsafeMode.ON;
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> PatroniRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link PatroniConfig}. Confined to one thread. */
    final class Builder extends ImmutablePatroniConfig.Builder {
        Builder() {}
    }
}
