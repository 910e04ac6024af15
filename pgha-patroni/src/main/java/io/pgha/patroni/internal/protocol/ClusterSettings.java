package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import java.time.Duration;
import java.util.Locale;

/** What of the dynamic configuration ({@code GET /config}) decides about a switchover. Immutable. */
public record ClusterSettings(
        Duration loopWait, Duration retryTimeout, long maximumLag, Synchronous synchronous, boolean standbyCluster) {

    /** How commits wait for replicas. */
    public enum Synchronous {
        OFF,
        /** A candidate must be a synchronous standby. */
        PRIORITY,
        /** Any healthy member may be a candidate: the vote finds the one that has all commits. */
        QUORUM
    }

    /** Patroni's own defaults. */
    public static final ClusterSettings DEFAULT =
            new ClusterSettings(Duration.ofSeconds(10), Duration.ofSeconds(10), 1048576, Synchronous.OFF, false);

    static ClusterSettings read(String body) throws BadAnswerException {
        JsonNode config = Json.object(body);
        boolean standby = config.path("standby_cluster").isObject();
        return new ClusterSettings(
                seconds(config, "loop_wait", DEFAULT.loopWait),
                seconds(config, "retry_timeout", DEFAULT.retryTimeout),
                config.path("maximum_lag_on_failover").asLong(DEFAULT.maximumLag),
                standby ? Synchronous.OFF : synchronous(config.path("synchronous_mode")),
                standby);
    }

    private static Duration seconds(JsonNode config, String field, Duration standard) {
        long seconds = config.path(field).asLong(standard.toSeconds());
        return seconds > 0 && seconds <= 3600 ? Duration.ofSeconds(seconds) : standard;
    }

    private static Synchronous synchronous(JsonNode mode) {
        return switch (mode.asText("off").toLowerCase(Locale.ROOT)) {
            case "quorum" -> Synchronous.QUORUM;
            case "true", "on", "yes", "1" -> Synchronous.PRIORITY;
            default -> Synchronous.OFF;
        };
    }
}
