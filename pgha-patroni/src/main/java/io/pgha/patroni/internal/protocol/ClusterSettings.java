package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.SynchronousText;
import java.time.Duration;

/**
 * What of the dynamic configuration ({@code GET /config}) decides about a switchover. Immutable.
 *
 * @param synchronous with priority mode a candidate must be a synchronous standby; with quorum commit any healthy
 *     member may be one, for the vote finds the one that has all commits
 */
public record ClusterSettings(
        Duration loopWait,
        Duration retryTimeout,
        long maximumLag,
        SynchronousMode synchronous,
        boolean standbyCluster) {

    /** Patroni's own defaults. */
    public static final ClusterSettings DEFAULT =
            new ClusterSettings(Duration.ofSeconds(10), Duration.ofSeconds(10), 1048576, SynchronousMode.OFF, false);

    static ClusterSettings read(String body) throws BadAnswerException {
        JsonNode config = Json.object(body);
        boolean standby = config.path("standby_cluster").isObject();
        return new ClusterSettings(
                seconds(config, "loop_wait", DEFAULT.loopWait),
                seconds(config, "retry_timeout", DEFAULT.retryTimeout),
                config.path("maximum_lag_on_failover").asLong(DEFAULT.maximumLag),
                standby
                        ? SynchronousMode.OFF
                        : SynchronousText.read(config.path("synchronous_mode")).orElse(SynchronousMode.OFF),
                standby);
    }

    private static Duration seconds(JsonNode config, String field, Duration standard) {
        long seconds = config.path(field).asLong(standard.toSeconds());
        return seconds > 0 && seconds <= 3600 ? Duration.ofSeconds(seconds) : standard;
    }
}
