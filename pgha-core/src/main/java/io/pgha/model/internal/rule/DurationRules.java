package io.pgha.model.internal.rule;

import io.pgha.model.internal.text.DurationText;
import java.time.Duration;

/** Checks the durations of one section, and knows whether all were within their limits. Confined to one thread. */
public final class DurationRules {
    private final String section;
    private final Problems problems;
    private boolean plausible = true;

    public DurationRules(String section, Problems problems) {
        this.section = section;
        this.problems = problems;
    }

    /** Tells whether every duration so far was fine, so that comparing them with each other makes sense. */
    public boolean plausible() {
        return plausible;
    }

    /** Reports a value that is not a whole number of units within the limits. */
    public void check(String attribute, Duration value, Duration unit, Duration least, Duration most) {
        String path = section + "." + attribute;
        String range = DurationText.of(least) + " to " + DurationText.of(most);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            plausible = false;
            problems.add(
                    "duration-range",
                    path + " is " + DurationText.of(value) + "; it must be " + range,
                    "Set " + path + " to a value from " + range + ".");
        } else if (!value.equals(unit.multipliedBy(value.dividedBy(unit)))) {
            plausible = false;
            problems.add(
                    "duration-unit",
                    path + " is " + DurationText.of(value) + "; it must be a multiple of " + DurationText.of(unit)
                            + ", because the daemon's file cannot say it more finely",
                    "Round " + path + " to a multiple of " + DurationText.of(unit) + ".");
        }
    }
}
