package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.immutables.value.Value;

/**
 * Says which replica throws its data away and copies it anew.
 *
 * <p>Defaults: not if the member is busy, from the member that Patroni chooses, up to 1 hour of waiting until it
 * replicates, no progress. The member must be named. Immutable and thread-safe.
 */
@Value.Immutable
public interface Reinit extends WhenClosed.Options {

    /**
     * Returns the replica.
     *
     * @return its name; there is no default
     */
    Optional<String> member();

    /**
     * Returns what to do if the member is busy with something else.
     *
     * @return {@link WhenBusy#REFUSE} by default
     */
    @Value.Default
    default WhenBusy whenBusy() {
        return WhenBusy.REFUSE;
    }

    /**
     * Returns where the data is copied from.
     *
     * @return {@link ReinitSource#PATRONIS_CHOICE} by default
     */
    @Value.Default
    default ReinitSource source() {
        return ReinitSource.PATRONIS_CHOICE;
    }

    /**
     * Returns how long to wait until the member replicates again; it takes as long as copying the database does.
     *
     * @return the limit, 1 h by default; zero: do not wait
     */
    @Value.Default
    default Duration await() {
        return Duration.ofHours(1);
    }

    /**
     * Returns who is told when the member goes on to something else. It is called on the thread that waits.
     *
     * @return the listener; by default nobody
     */
    @Value.Default
    @Value.Auxiliary
    default Consumer<ReinitProgress> progress() {
        return progress -> {};
    }

    /**
     * Returns what becomes of it while maintenance is closed.
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
        if (member().isEmpty()) {
            problems.add(Problem.of(
                    "patroni.reinit",
                    "A reinitialization needs the member whose data is thrown away",
                    "Name it: .member(\"postgres-03\")."));
        }
        if (await().isNegative()) {
            problems.add(Problem.of(
                    "patroni.reinit",
                    "A member cannot be waited for " + await(),
                    "Give a positive duration, or zero."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; {@code member} is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Reinit}. Confined to one thread. */
    final class Builder extends ImmutableReinit.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
