package io.pgha.patroni.operation;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Says how the leader's role shall move.
 *
 * <p>Defaults: away from whoever leads, to the best candidate, now, within 2 minutes, and then up to 2 minutes of
 * waiting for the former leader to replicate. Immutable and thread-safe.
 */
@Value.Immutable
@SuppressWarnings("immutables:from") // the generated copying method of that name is not missed
public interface Switchover extends WhenClosed.Options {

    /**
     * Returns the member that shall lead.
     *
     * @return its name; by default the best candidate: a streaming replica without {@code nofailover}, a synchronous
     *     one where the cluster replicates synchronously, with the smallest lag
     */
    Optional<String> to();

    /**
     * Returns the member that must lead now; when another one does, nothing is done.
     *
     * @return its name; by default whoever leads
     */
    @SuppressWarnings("immutables:from") // the attribute's own name is worth more than a builder's copy
    Optional<String> from();

    /**
     * Returns when Patroni shall do it. It is done if the leader is still the same then and Patroni is not paused.
     *
     * @return the time; by default now
     */
    Optional<OffsetDateTime> at();

    /**
     * Returns how long to wait for the new leader; Patroni itself gives up after twice the larger of 10 s and
     * {@code loop_wait}.
     *
     * @return the limit, 2 min by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofMinutes(2);
    }

    /**
     * Returns how long to wait, after the new leader leads, for the former one to replicate from it. When it takes
     * longer that is no error: {@link SwitchoverResult#formerLeaderBack()} is false.
     *
     * @return the limit, 2 min by default; zero: do not wait
     */
    @Value.Default
    default Duration awaitReplicas() {
        return Duration.ofMinutes(2);
    }

    /**
     * Returns what becomes of it while maintenance is closed. One that waits for the opening is scheduled with Patroni
     * for that moment, so that it is done even if this program has ended; the result says so.
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
        if (to().isPresent() && to().equals(from())) {
            problems.add(problem(
                    "A switchover from " + to().get() + " to itself is none",
                    "Name another member, or leave out from(…)."));
        }
        if (timeout().isNegative() || timeout().isZero() || awaitReplicas().isNegative()) {
            problems.add(problem("A switchover cannot wait for a negative time", "Give positive durations."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.switchover", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; nothing is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Switchover}. Confined to one thread. */
    final class Builder extends ImmutableSwitchover.Builder implements WhenClosed.Choice<Builder> {
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
    }
}
