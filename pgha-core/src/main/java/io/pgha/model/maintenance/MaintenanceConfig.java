package io.pgha.model.maintenance;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Texts;
import io.pgha.text.Nearest;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Says when nothing may be done that interrupts the service: restarts, switchovers, rebuilding a member, and the like.
 *
 * <pre>{@code
 * .maintenance(m -> m.zone("Asia/Tokyo")
 *     .closed("09:00", "15:00", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
 *     .holiday("2027-01-01"))
 * }</pre>
 *
 * <p>By default nothing is closed. Clock changes are taken into account: an hour that the clocks skip is neither closed
 * nor open, and one that they repeat is closed until it is over for the second time.
 *
 * <p>Immutable and thread-safe; does no I/O and looks at no clock.
 */
@Value.Immutable
public interface MaintenanceConfig {
    /**
     * Returns the time zone of closed times and holidays.
     *
     * @return the zone; empty by default, and mandatory where something is closed: nobody's own zone is taken silently
     */
    Optional<ZoneId> zone();

    /**
     * Returns when maintenance is closed.
     *
     * @return the closed times; none by default
     */
    List<ClosedTime> closed();

    /**
     * Returns the dates on which no closed time begins, because the market does not trade.
     *
     * @return the dates; none by default
     */
    Set<LocalDate> holidays();

    /**
     * Returns whether maintenance is closed at a moment, and until when. A moment at which a closed time ends is open.
     *
     * @param moment the moment
     * @return what closes it and when it opens; empty when it is open
     * @throws InvalidConfigException when {@link ClusterConfig} would not take these settings
     */
    default Optional<Closure> closedAt(Instant moment) {
        return closed().isEmpty() ? Optional.empty() : new ClosedCalendar(this).closedAt(moment);
    }

    /**
     * Returns when maintenance is open next.
     *
     * @param moment from when on to look
     * @return the moment itself when it is open
     * @throws InvalidConfigException when {@link ClusterConfig} would not take these settings
     */
    default Instant nextOpening(Instant moment) {
        return closedAt(moment).map(closure -> closure.opening().toInstant()).orElse(moment);
    }

    /**
     * Checks every rule that these settings must keep; {@link ClusterConfig} does so as well.
     *
     * @throws InvalidConfigException when something is wrong, with all problems at once
     */
    default void validate() {
        InvalidConfigException.throwIfAny(problems());
    }

    /**
     * Returns what is wrong with these settings by themselves. {@link io.pgha.model.ClusterConfig} refuses it, and what
     * does not go together with its other parts.
     *
     * @return the problems, each with its remedy; empty where nothing is wrong
     */
    default List<Problem> problems() {
        return Problems.of(problems -> MaintenanceRules.check(this, problems));
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link MaintenanceConfig}. Confined to one thread. */
    final class Builder extends ImmutableMaintenanceConfig.Builder {
        Builder() {}

        /**
         * Sets {@link MaintenanceConfig#zone()}.
         *
         * @param zone its name, for example {@code Asia/Tokyo}
         * @return this builder
         * @throws InvalidConfigException when there is no such time zone
         */
        public Builder zone(String zone) {
            Given.value(zone, "zone");
            try {
                return zone(ZoneId.of(zone));
            } catch (DateTimeException e) {
                String nearest = Nearest.of(zone, ZoneId.getAvailableZoneIds())
                        .map(name -> "Write " + name + ".")
                        .orElse("Write a name of the time zone database, for example Asia/Tokyo.");
                throw new InvalidConfigException(List.of(
                        Problem.of("config.maintenance-zone", "There is no time zone " + Texts.quote(zone), nearest)));
            }
        }

        /**
         * Adds to {@link MaintenanceConfig#closed()}.
         *
         * @param from when it begins, for example {@code 09:00}
         * @param to when it ends, for example {@code 15:00}; on the next day where it is not after the beginning
         * @param days the days on which it begins; none: every day
         * @return this builder
         * @throws InvalidConfigException when a text is not a time of day
         */
        public Builder closed(String from, String to, DayOfWeek... days) {
            Given.value(from, "from");
            Given.value(to, "to");
            Given.value(days, "days");
            return closed(ClosedTime.of(from, to, days));
        }

        /**
         * Adds to {@link MaintenanceConfig#closed()}.
         *
         * @param closed completes its builder
         * @return this builder
         */
        public Builder closed(UnaryOperator<ClosedTime.Builder> closed) {
            return closed(
                    Given.completed(ClosedTime.builder(), closed, "closed").build());
        }

        /**
         * Adds to {@link MaintenanceConfig#holidays()}.
         *
         * @param date for example {@code 2027-01-01}
         * @return this builder
         * @throws InvalidConfigException when the text is not a date
         */
        public Builder holiday(String date) {
            Given.value(date, "date");
            try {
                return holiday(LocalDate.parse(date));
            } catch (DateTimeException e) {
                throw new InvalidConfigException(List.of(Problem.of(
                        "config.maintenance-holiday",
                        Texts.quote(date) + " is not a date",
                        "Write year, month and day, for example 2027-01-01.")));
            }
        }
    }
}
