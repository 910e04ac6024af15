package io.pgha.model.proxy;

import io.pgha.Problem;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;
import java.util.List;
import org.immutables.value.Value;

/**
 * Configures HAProxy.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface HaproxyConfig {
    /**
     * Returns the TCP port that leads to the leader.
     *
     * @return the port; 5000 by default
     */
    @Value.Default
    default int readWritePort() {
        return 5000;
    }

    /**
     * Returns the TCP port that leads to the replicas.
     *
     * @return the port; 5001 by default
     */
    @Value.Default
    default int readOnlyPort() {
        return 5001;
    }

    /**
     * Returns the TCP port that leads to synchronous replicas.
     *
     * @return the port; 5002 by default
     */
    @Value.Default
    default int syncPort() {
        return 5002;
    }

    /**
     * Returns the TCP port that leads to asynchronous replicas.
     *
     * @return the port; 5003 by default
     */
    @Value.Default
    default int asyncPort() {
        return 5003;
    }

    /**
     * Returns the TCP port of the statistics page.
     *
     * @return the port; 7000 by default
     */
    @Value.Default
    default int statsPort() {
        return 7000;
    }

    /**
     * Returns the user of the statistics page.
     *
     * @return 1 to 63 letters, digits, {@code _}, {@code .} and {@code -}; {@code admin} by default
     */
    @Value.Default
    default String statsUser() {
        return "admin";
    }

    /**
     * Returns how many client connections one HAProxy takes.
     *
     * @return the number, 1 to 500,000, for each takes two of the 1,048,576 files that Linux lets a process open; 4000
     *     by default, which fits a hard limit of 20000 open files
     */
    @Value.Default
    default int maxConnections() {
        return 4000;
    }

    /**
     * Returns how often a healthy PostgreSQL node is checked.
     *
     * @return whole milliseconds, at least 100; 1 s by default (HAProxy's own is 2 s)
     */
    @Value.Default
    default Duration checkInterval() {
        return Duration.ofSeconds(1);
    }

    /**
     * Returns how often a node between up and down is checked.
     *
     * @return whole milliseconds, at least 100 and at most {@link #checkInterval()}; 500 ms by default
     */
    @Value.Default
    default Duration fastCheckInterval() {
        return Duration.ofMillis(500);
    }

    /**
     * Returns after how many failed checks a node is taken out.
     *
     * @return the number, 1 to 100; 3 by default, HAProxy's own
     */
    @Value.Default
    default int fall() {
        return 3;
    }

    /**
     * Returns after how many good checks a node is taken in.
     *
     * @return the number, 1 to 100; 2 by default, HAProxy's own
     */
    @Value.Default
    default int rise() {
        return 2;
    }

    /**
     * Returns how long a connection to PostgreSQL may take.
     *
     * @return whole milliseconds, at least 100; 4 s by default, as in Patroni's own example
     */
    @Value.Default
    default Duration connectTimeout() {
        return Duration.ofSeconds(4);
    }

    /**
     * Returns how long one health check may take.
     *
     * @return whole milliseconds, at least 100; 3 s by default, because the failure of a whole host is not seen sooner
     */
    @Value.Default
    default Duration checkTimeout() {
        return Duration.ofSeconds(3);
    }

    /**
     * Returns after how long without a byte a client's session is cut.
     *
     * @return whole milliseconds, 1 s to 24 days; 30 min by default, as in Patroni's own example
     */
    @Value.Default
    default Duration idleTimeout() {
        return Duration.ofMinutes(30);
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> HaproxyRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link HaproxyConfig}. Confined to one thread. */
    final class Builder extends ImmutableHaproxyConfig.Builder {
        Builder() {}
    }
}
