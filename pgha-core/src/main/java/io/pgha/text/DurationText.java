package io.pgha.text;

import io.pgha.Given;
import java.time.Duration;

/** Says how long something takes. Stateless. */
public final class DurationText {
    private DurationText() {}

    /**
     * Returns a duration the way people say it.
     *
     * @param duration how long
     * @return for example {@code 250 ms}, {@code 3 s} or {@code 5.1 s}: below a second in milliseconds, then rounded to
     *     tenths
     */
    public static String of(Duration duration) {
        long millis = Given.value(duration, "duration").toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        long tenths = Math.round(millis / 100.0);
        return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
