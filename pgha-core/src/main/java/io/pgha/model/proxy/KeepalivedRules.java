package io.pgha.model.proxy;

import io.pgha.model.internal.rule.CountRules;
import io.pgha.model.internal.rule.DurationRules;
import io.pgha.model.internal.rule.Problems;
import java.time.Duration;

/** Checks the settings of keepalived. */
final class KeepalivedRules {
    private static final Duration SECOND = Duration.ofSeconds(1);
    // VRRP 3 has 12 bits for hundredths of a second.
    private static final Duration LONGEST_ADVERT = Duration.ofSeconds(40);

    private KeepalivedRules() {}

    static void check(KeepalivedConfig keepalived, Problems problems) {
        DurationRules durations = new DurationRules("keepalived", problems);
        durations.check("advertInterval", keepalived.advertInterval(), SECOND, SECOND, LONGEST_ADVERT);
        durations.check("checkInterval", keepalived.checkInterval(), SECOND, SECOND, Duration.ofHours(1));
        CountRules.check("keepalived.fall", keepalived.fall(), problems);
        CountRules.check("keepalived.rise", keepalived.rise(), problems);
    }
}
