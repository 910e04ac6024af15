package io.pgha.patroni.operation;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.immutables.value.Value;

/**
 * Says whose PostgreSQL is restarted, when, and on what conditions.
 *
 * <p>Defaults: all members, one after the other, replicas first and the leader last, now, on no condition, with
 * Patroni's own limit for the start ({@code primary_start_timeout}, 300 s), and up to 10 minutes of waiting for each. A
 * rolling restart that watches the replication between members is {@link RollingRestart}. Immutable and thread-safe.
 */
@Value.Immutable
public interface Restart extends WhenClosed.Options {

    /**
     * Returns the members by name.
     *
     * @return names; by default all members
     */
    List<String> members();

    /**
     * Returns the members by the part they play. Patroni checks it once more at the restart itself: a member that has
     * another role by then is not restarted.
     *
     * @return the role, {@link MemberSelector#ANY} by default
     */
    @Value.Default
    default MemberSelector role() {
        return MemberSelector.ANY;
    }

    /**
     * Returns whether only a member is restarted that needs it.
     *
     * @return the condition, {@link RestartCondition#ALWAYS} by default
     */
    @Value.Default
    default RestartCondition condition() {
        return RestartCondition.ALWAYS;
    }

    /**
     * Returns the version of PostgreSQL below which a server is restarted; a newer one is left alone.
     *
     * @return major and minor version, for example {@code 17.6}; by default the version does not matter
     */
    Optional<String> postgresVersion();

    /**
     * Returns how long Patroni gives PostgreSQL to start.
     *
     * @return whole seconds, at least 1 s; by default Patroni's {@code primary_start_timeout}
     */
    Optional<Duration> timeout();

    /**
     * Returns when Patroni shall do it. Each member keeps its own schedule in memory: it is lost when Patroni restarts,
     * and dropped when PostgreSQL restarts before.
     *
     * @return the time; by default now
     */
    Optional<OffsetDateTime> at();

    /**
     * Returns how long to wait for each member: the checkpoint, the stop and the start.
     *
     * @return the limit, 10 min by default
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofMinutes(10);
    }

    /**
     * Returns what becomes of it while maintenance is closed. One that waits for the opening waits here, in this call:
     * members that are scheduled with Patroni for one moment would all restart at once.
     *
     * @return {@link WhenClosed#refuse()} by default
     */
    @Override
    @Value.Default
    default WhenClosed whenClosed() {
        return WhenClosed.refuse();
    }

    /** Reports everything that is wrong with this request. */
    @Value.Check
    default void check() {
        List<Problem> problems = new ArrayList<>();
        postgresVersion()
                .filter(version -> !Pattern.matches("\\d{2}\\.\\d{1,3}|9\\.\\d\\.\\d{1,3}", version))
                .ifPresent(version -> problems.add(problem(
                        "\"" + Text.printable(version) + "\" is not a full version of PostgreSQL",
                        "Name major and minor version, for example 17.6.")));
        timeout()
                .filter(time -> time.toSeconds() < 1 || !time.equals(Duration.ofSeconds(time.toSeconds())))
                .ifPresent(time -> problems.add(
                        problem("PostgreSQL cannot start within " + time, "Give whole seconds, at least one.")));
        if (limit().isNegative() || limit().isZero()) {
            problems.add(problem("A restart cannot be waited for " + limit(), "Give a positive duration."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.restart", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; nothing is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Restart}. Confined to one thread. */
    final class Builder extends ImmutableRestart.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}

        /**
         * Sets when Patroni shall do it.
         *
         * @param time the moment
         * @return this builder
         */
        public Builder at(Instant time) {
            Given.value(time, "time");
            return at(time.atOffset(ZoneOffset.UTC));
        }

        /**
         * Sets when Patroni shall do it.
         *
         * @param time the moment, in a time zone
         * @return this builder
         */
        public Builder at(ZonedDateTime time) {
            Given.value(time, "time");
            return at(time.toOffsetDateTime());
        }

        /**
         * Leaves members alone that need no restart.
         *
         * @return this builder
         */
        public Builder onlyPending() {
            return condition(RestartCondition.PENDING);
        }
    }
}
