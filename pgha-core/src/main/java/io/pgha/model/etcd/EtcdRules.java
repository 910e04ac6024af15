package io.pgha.model.etcd;

import io.pgha.model.internal.rule.DurationRules;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.DurationText;
import java.time.Duration;

/** Checks the settings of etcd against what etcd itself accepts. */
final class EtcdRules {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int LEAST_HEARTBEATS = 5;
    private static final long LEAST_QUOTA = 16L * 1024 * 1024;

    private EtcdRules() {}

    static void check(EtcdConfig etcd, Problems problems) {
        DurationRules durations = new DurationRules("etcd", problems);
        Duration heartbeat = etcd.heartbeatInterval();
        Duration election = etcd.electionTimeout();
        durations.check("heartbeatInterval", heartbeat, MILLISECOND, Duration.ofMillis(10), Duration.ofSeconds(10));
        durations.check("electionTimeout", election, MILLISECOND, Duration.ofMillis(50), Duration.ofSeconds(50));
        if (durations.plausible() && election.compareTo(heartbeat.multipliedBy(LEAST_HEARTBEATS)) < 0) {
            problems.add(
                    "etcd-election-timeout",
                    "etcd.electionTimeout is " + DurationText.of(election) + ", less than " + LEAST_HEARTBEATS
                            + " heartbeats of " + DurationText.of(heartbeat) + "; etcd refuses to start so",
                    "Set etcd.electionTimeout to " + DurationText.of(heartbeat.multipliedBy(10))
                            + ", ten heartbeats, or lower etcd.heartbeatInterval.");
        }
        if (etcd.quotaBackendBytes() < LEAST_QUOTA) {
            problems.add(
                    "etcd-quota",
                    "etcd.quotaBackendBytes is " + etcd.quotaBackendBytes()
                            + "; the database would soon take no more writes",
                    "Set it to at least " + LEAST_QUOTA + " bytes (16 MiB); 4 GiB is the default.");
        }
        durations.check(
                "autoCompactionRetention", etcd.autoCompactionRetention(), SECOND, SECOND, Duration.ofDays(365));
    }
}
