package io.pgha.model.patroni;

import io.pgha.model.internal.rule.DurationRules;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.rule.UserRules;
import io.pgha.model.internal.text.Texts;
import java.time.Duration;
import java.util.regex.Pattern;

/** Checks the settings of Patroni, which would change a wrong one silently instead of refusing it. */
final class PatroniRules {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Pattern NAMESPACE = Pattern.compile("(/[A-Za-z0-9][A-Za-z0-9_.-]{0,62}){1,8}");

    private PatroniRules() {}

    static void check(PatroniConfig patroni, Problems problems) {
        if (!NAMESPACE.matcher(patroni.namespace()).matches()) {
            problems.add(
                    "patroni-namespace",
                    "patroni.namespace is " + Texts.quote(patroni.namespace())
                            + "; it must be a path such as /service, with no / at its end",
                    "Write /service, or another path of letters, digits, _, . and -.");
        }
        UserRules.check("patroni.restUsername", patroni.restUsername(), problems);
        times(patroni, problems);
        if (patroni.maximumLagOnFailover() < 0) {
            problems.add(
                    "patroni-maximum-lag",
                    "patroni.maximumLagOnFailover is " + patroni.maximumLagOnFailover()
                            + " bytes; it cannot be negative",
                    "Set it to 0 or more bytes; 1048576 (1 MiB) is the default.");
        }
    }

    private static void times(PatroniConfig patroni, Problems problems) {
        DurationRules durations = new DurationRules("patroni", problems);
        durations.check("ttl", patroni.ttl(), SECOND, Duration.ofSeconds(20), DAY);
        durations.check("loopWait", patroni.loopWait(), SECOND, SECOND, DAY);
        durations.check("retryTimeout", patroni.retryTimeout(), SECOND, Duration.ofSeconds(3), DAY);
        if (!durations.plausible()) {
            return;
        }
        Duration needed = patroni.retryTimeout().multipliedBy(2).plus(patroni.loopWait());
        if (needed.compareTo(patroni.ttl()) > 0) {
            problems.add(
                    "patroni-ttl",
                    "patroni.loopWait + 2 x patroni.retryTimeout is " + seconds(needed) + ", more than patroni.ttl of "
                            + seconds(patroni.ttl()) + ": the leader could lose its key while it still retries",
                    "Set patroni.ttl to at least " + seconds(needed) + ", or lower the other two.");
        }
    }

    private static String seconds(Duration value) {
        return value.toSeconds() + "s";
    }
}
