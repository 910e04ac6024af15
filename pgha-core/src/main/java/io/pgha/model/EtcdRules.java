package io.pgha.model;

import java.time.Duration;

/** Checks the settings of etcd against what etcd itself accepts. */
final class EtcdRules {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int LEAST_HEARTBEATS = 5;
    private static final String SUPERUSER = "root";
    private static final long LEAST_QUOTA = 16L * 1024 * 1024;

    private EtcdRules() {}

    static void check(ClusterConfig config, Problems problems) {
        EtcdConfig etcd = config.etcd();
        if (etcd.authentication() == EtcdAuthentication.ENABLED && config.name().equals(SUPERUSER)) {
            problems.add(
                    "etcd-user",
                    "The cluster is named root, and Patroni's user in etcd with it: that would be etcd's superuser",
                    "Choose another name, for example postgresql-cluster, or leave etcd.authentication disabled.");
        }
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
