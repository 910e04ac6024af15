package io.pgha.model.proxy;

import io.pgha.model.internal.rule.CountRules;
import io.pgha.model.internal.rule.DurationRules;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.rule.UserRules;
import io.pgha.model.internal.text.DurationText;
import java.time.Duration;

/** Checks the settings of HAProxy. */
final class HaproxyRules {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    // Below these nothing would come through: a check is a TLS handshake with Patroni, and a client thinks between two
    // statements.
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(1);
    // HAProxy keeps times in a signed 32-bit number of milliseconds.
    private static final Duration LONGEST = Duration.ofDays(24);
    // Each takes two open files, and the kernel gives a process no more than fs.nr_open, 1048576 where nobody has
    // raised it.
    private static final int MOST_CONNECTIONS = 500_000;

    private HaproxyRules() {}

    static void check(HaproxyConfig haproxy, Problems problems) {
        DurationRules durations = new DurationRules("haproxy", problems);
        duration(durations, "checkInterval", haproxy.checkInterval(), SHORTEST);
        duration(durations, "fastCheckInterval", haproxy.fastCheckInterval(), SHORTEST);
        duration(durations, "connectTimeout", haproxy.connectTimeout(), SHORTEST);
        duration(durations, "checkTimeout", haproxy.checkTimeout(), SHORTEST);
        duration(durations, "idleTimeout", haproxy.idleTimeout(), SHORTEST_IDLE);
        if (durations.plausible() && haproxy.fastCheckInterval().compareTo(haproxy.checkInterval()) > 0) {
            problems.add(
                    "haproxy-check-interval",
                    "haproxy.fastCheckInterval is " + DurationText.of(haproxy.fastCheckInterval())
                            + ", slower than haproxy.checkInterval of " + DurationText.of(haproxy.checkInterval()),
                    "Set haproxy.fastCheckInterval to " + DurationText.of(haproxy.checkInterval()) + " or less.");
        }
        CountRules.check("haproxy.fall", haproxy.fall(), problems);
        CountRules.check("haproxy.rise", haproxy.rise(), problems);
        UserRules.check("haproxy.statsUser", haproxy.statsUser(), problems);
        if (haproxy.maxConnections() < 1 || haproxy.maxConnections() > MOST_CONNECTIONS) {
            problems.add(
                    "haproxy-max-connections",
                    "haproxy.maxConnections is " + haproxy.maxConnections() + "; it must be 1 to " + MOST_CONNECTIONS
                            + ", for each takes two of the 1048576 files that the kernel lets one process open (fs.nr_open)",
                    "Set it to the number of client connections that one HAProxy shall take; 4000 is the default.");
        }
    }

    private static void duration(DurationRules durations, String attribute, Duration value, Duration least) {
        durations.check(attribute, value, MILLISECOND, least, LONGEST);
    }
}
