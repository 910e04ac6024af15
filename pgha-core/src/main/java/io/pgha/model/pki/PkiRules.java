package io.pgha.model.pki;

import io.pgha.model.internal.rule.DurationRules;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.DurationText;
import java.time.Duration;

/** Checks the settings of the certificates. */
final class PkiRules {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36500);

    private PkiRules() {}

    static void check(PkiConfig pki, Problems problems) {
        DurationRules durations = new DurationRules("pki", problems);
        durations.check("authorityValidity", pki.authorityValidity(), SECOND, SECOND, LONGEST);
        durations.check("leafValidity", pki.leafValidity(), SECOND, SECOND, LONGEST);
        durations.check("renewBefore", pki.renewBefore(), SECOND, SECOND, LONGEST);
        if (!durations.plausible()) {
            return;
        }
        if (pki.leafValidity().compareTo(pki.authorityValidity()) > 0) {
            problems.add(
                    "pki-leaf-validity",
                    "pki.leafValidity is " + DurationText.of(pki.leafValidity())
                            + ", longer than pki.authorityValidity of "
                            + DurationText.of(pki.authorityValidity())
                            + ": a certificate is worth nothing when its authority has expired",
                    "Set pki.leafValidity to " + DurationText.of(pki.authorityValidity()) + " or less.");
        }
        if (pki.renewBefore().compareTo(pki.leafValidity()) >= 0) {
            problems.add(
                    "pki-renew-before",
                    "pki.renewBefore is " + DurationText.of(pki.renewBefore()) + ", not less than pki.leafValidity of "
                            + DurationText.of(pki.leafValidity()) + ": every plan would renew every certificate",
                    "Set pki.renewBefore to a fraction of " + DurationText.of(pki.leafValidity()) + ".");
        }
    }
}
