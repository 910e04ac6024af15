package io.pgha.patroni.internal.protocol;

import java.time.Duration;

/**
 * The client's own pace, apart from what the user sets; tests go faster.
 *
 * @param poll the pause between two looks at the cluster
 * @param switchoverFloor the least that Patroni waits for half a switchover (it waits twice the larger of this and
 *     loop_wait)
 * @param margin what is added to Patroni's own waits before its answer counts as lost
 * @param probe how long one member may take to describe itself
 */
public record Timing(Duration poll, Duration switchoverFloor, Duration margin, Duration probe) {
    public static final Timing REAL =
            new Timing(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(4));
}
