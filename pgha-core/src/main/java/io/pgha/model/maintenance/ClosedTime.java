package io.pgha.model.maintenance;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.internal.text.Texts;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.immutables.value.Value;

/**
 * A time of day at which nothing may be done that interrupts the service, for example while a market trades.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
@SuppressWarnings("immutables:from") // the generated copying method of that name is not missed
public interface ClosedTime {
    /**
     * Returns when it begins.
     *
     * @return the time on the clocks of {@link MaintenanceConfig#zone()}
     */
    @SuppressWarnings("immutables:from") // the attribute's own name is worth more than a builder's copy
    LocalTime from();

    /**
     * Returns when it ends.
     *
     * @return the time on the clocks of {@link MaintenanceConfig#zone()}, no longer closed itself; on the next day
     *     where it is not after {@link #from()}: 22:00 to 06:00 lasts over midnight, and 00:00 to 00:00 the whole day
     */
    LocalTime to();

    /**
     * Returns the days on which it begins.
     *
     * @return the days; empty by default, which means every day
     */
    Set<DayOfWeek> days();

    /**
     * Returns the text that {@code toString} shows, for example {@code 09:00 to 15:00 Mon, Tue}.
     *
     * @return one line
     */
    default String describe() {
        String when = days().isEmpty() || days().size() == DayOfWeek.values().length
                ? "every day"
                : days().stream()
                        .sorted()
                        .map(day -> day.getDisplayName(TextStyle.SHORT, Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return from() + " to " + to() + " " + when;
    }

    /**
     * Returns a closed time.
     *
     * @param from when it begins, for example {@code 09:00}
     * @param to when it ends, for example {@code 15:00}
     * @param days the days on which it begins; none: every day
     * @return the closed time
     * @throws InvalidConfigException when a text is not a time of day
     */
    static ClosedTime of(String from, String to, DayOfWeek... days) {
        Given.value(from, "from");
        Given.value(to, "to");
        Given.value(days, "days");
        return builder().from(time(from)).to(time(to)).days(days).build();
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidConfigException(List.of(Problem.of(
                    "config.maintenance-time",
                    Texts.quote(text) + " is not a time of day",
                    "Write hours and minutes, for example 09:00.")));
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ClosedTime}. Confined to one thread. */
    final class Builder extends ImmutableClosedTime.Builder {
        Builder() {}
    }
}
