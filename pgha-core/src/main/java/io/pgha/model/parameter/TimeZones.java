package io.pgha.model.parameter;

import io.pgha.text.Nearest;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells names of time zones that no server knows; a server may know more than this Java: zones that are newer, and
 * those that the host adds. Stateless.
 */
final class TimeZones {
    /** With an offset, as in {@code FOO5} or {@code <+02>-2}, PostgreSQL takes every name. */
    private static final Pattern WITH_OFFSET = Pattern.compile("(?:<[^>]*>|[^<0-9,+-]*)[+-]?([0-9]+).*");

    /** The whole text is an offset in hours. */
    private static final Pattern HOURS = Pattern.compile("\\s*[+-]?([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)");

    /** No offset is as long as a week, in hours. */
    private static final double WEEK = 168;

    /** What tzdata has besides the zones of Java. */
    private static final Set<String> OTHERS = Set.of("est", "hst", "mst", "roc", "factory", "localtime", "posixrules");

    private static final Set<String> KNOWN =
            ZoneId.getAvailableZoneIds().stream().map(TimeZones::lower).collect(Collectors.toUnmodifiableSet());

    private TimeZones() {}

    static Optional<String> problem(String zone) {
        String lower = lower(zone);
        if (KNOWN.contains(lower) || OTHERS.contains(lower) || lower.startsWith("posix/") || hasOffset(zone)) {
            return Optional.empty();
        }
        String area = lower.substring(0, lower.lastIndexOf('/') + 1);
        List<String> places = ZoneId.getAvailableZoneIds().stream()
                .filter(id -> !area.isEmpty() && lower(id).startsWith(area))
                .sorted()
                .toList();
        Optional<String> near = near(zone, area.length(), places);
        return !places.isEmpty() && near.isEmpty()
                ? Optional.empty()
                : Optional.of("it must be a time zone such as Europe/Berlin or UTC"
                        + near.map(it -> "; did you mean " + it + "?").orElse(""));
    }

    private static boolean hasOffset(String zone) {
        return Stream.of(HOURS, WITH_OFFSET)
                .map(pattern -> pattern.matcher(zone))
                .filter(Matcher::matches)
                .findFirst()
                .filter(found -> Double.parseDouble(found.group(1)) < WEEK)
                .isPresent();
    }

    /** Compares the places alone, for the area they have in common makes all of them near. */
    private static Optional<String> near(String zone, int skipped, List<String> places) {
        UnaryOperator<String> place = id -> lower(id.substring(skipped));
        return Nearest.of(place.apply(zone), places.stream().map(place).toList())
                .flatMap(near -> places.stream()
                        .filter(id -> place.apply(id).equals(near))
                        .findFirst());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
