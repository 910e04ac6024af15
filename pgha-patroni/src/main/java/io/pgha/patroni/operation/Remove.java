package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Says which cluster the DCS shall forget, with the three answers that {@code patronictl remove} asks for. Immutable
 * and thread-safe.
 */
@Value.Immutable
public interface Remove extends WhenClosed.Options {

    /** What {@link #confirmation()} must be. */
    String CONFIRMATION = "Yes I am aware";

    /**
     * Returns the name of the cluster, Patroni's {@code scope}; that of another cluster than the client's is refused.
     *
     * @return the name; mandatory
     */
    Optional<String> cluster();

    /**
     * Returns the words that patronictl wants typed.
     *
     * @return exactly {@value #CONFIRMATION}; mandatory
     */
    Optional<String> confirmation();

    /**
     * Returns who leads. Where the cluster runs nothing is removed unless its leader is named: Patroni writes the keys
     * back within a few rounds, and until then nobody holds the leader's lock.
     *
     * @return the leader's name; empty by default, for a cluster whose Patroni is stopped everywhere
     */
    Optional<String> leader();

    /**
     * Returns how long to wait for the keys of members that have just stopped: each goes with its lease, {@code ttl}
     * after the member's last round.
     *
     * @return the limit, 1 min by default; zero: refuse at once
     */
    @Value.Default
    default Duration await() {
        return Duration.ofMinutes(1);
    }

    /**
     * Returns what becomes of it while maintenance is closed and the cluster runs. One that does not run is removed at
     * any time.
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
        if (cluster().isEmpty()) {
            problems.add(problem("The cluster to remove is not named", "Give cluster(…)."));
        }
        if (confirmation().filter(CONFIRMATION::equals).isEmpty()) {
            problems.add(problem(
                    "You did not exactly type \"" + CONFIRMATION + "\"",
                    "Give confirmation(\"" + CONFIRMATION
                            + "\"): the history, the configuration and the failover keys of the"
                            + " cluster go for good."));
        }
        if (await().isNegative()) {
            problems.add(problem("Members cannot be waited for " + await(), "Give a positive duration, or zero."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.remove", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; cluster and confirmation are mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Remove}. Confined to one thread. */
    final class Builder extends ImmutableRemove.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
