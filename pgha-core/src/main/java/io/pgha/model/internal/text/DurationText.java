package io.pgha.model.internal.text;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes and reads durations as people do: {@code 250ms}, {@code 10s}, {@code 30min}, {@code 1h}, {@code 365d}. */
public final class DurationText {
    public static final String EXPECTED = "a duration such as 250ms, 10s, 30min, 1h or 365d";
    private static final Pattern TEXT = Pattern.compile("(-?[0-9]{1,18})(ns|us|ms|s|min|m|h|d)");

    private static final long MOST_SECONDS_WITH_NANOS = 9_000_000_000L;

    private DurationText() {}

    public static String of(Duration value) {
        long seconds = value.getSeconds();
        if (value.getNano() == 0) {
            if (seconds != 0 && seconds % 86400 == 0) {
                return seconds / 86400 + "d";
            }
            if (seconds != 0 && seconds % 3600 == 0) {
                return seconds / 3600 + "h";
            }
            return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "min" : seconds + "s";
        }
        if (Math.abs(seconds) > MOST_SECONDS_WITH_NANOS) {
            return value.toString();
        }
        if (value.getNano() % 1_000_000 == 0) {
            return value.toMillis() + "ms";
        }
        return value.getNano() % 1_000 == 0 ? value.toNanos() / 1_000 + "us" : value.toNanos() + "ns";
    }

    public static Optional<Duration> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        try {
            return Optional.of(unit(matcher.group(2)).multipliedBy(count));
        } catch (ArithmeticException tooLong) {
            return Optional.empty();
        }
    }

    private static Duration unit(String suffix) {
        return switch (suffix) {
            case "ns" -> Duration.ofNanos(1);
            case "us" -> Duration.ofNanos(1_000);
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "min", "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> throw new IllegalArgumentException(suffix);
        };
    }
}
