package io.pgha.patroni.operation;

import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * Says what a cluster follows that becomes a standby cluster. At least one of host, port and restore command must be
 * given.
 *
 * <p>Defaults: none of them, and up to 5 minutes of waiting. Immutable and thread-safe.
 */
@Value.Immutable
public interface DemoteCluster extends WhenClosed.Options {

    /**
     * Returns the primary to replicate from.
     *
     * @return a host name or address, or several with commas
     */
    Optional<String> host();

    /**
     * Returns the primary's port.
     *
     * @return the port
     */
    OptionalInt port();

    /**
     * Returns the command that fetches archived write-ahead log.
     *
     * @return PostgreSQL's {@code restore_command}
     */
    Optional<String> restoreCommand();

    /**
     * Returns the replication slot on the primary.
     *
     * @return the slot's name
     */
    Optional<String> primarySlotName();

    /**
     * Returns how long to wait until the leader is a standby leader.
     *
     * @return the limit, 5 min by default
     */
    @Value.Default
    default Duration timeout() {
        return Duration.ofMinutes(5);
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
        if (host().isEmpty() && port().isEmpty() && restoreCommand().isEmpty()) {
            problems.add(problem(
                    "A standby cluster needs something to follow", "Give host(…), port(…) or restoreCommand(…)."));
        }
        if (host().filter(String::isBlank).isPresent()
                || restoreCommand().filter(String::isBlank).isPresent()) {
            problems.add(problem("What a standby cluster follows is not blank", "Give it, or leave it out."));
        }
        if (port().isPresent() && (port().getAsInt() < 1 || port().getAsInt() > 65535)) {
            problems.add(problem(port().getAsInt() + " is no port", "Give one from 1 to 65535."));
        }
        if (primarySlotName().filter(name -> !name.matches("[a-z0-9_]{1,63}")).isPresent()) {
            problems.add(problem(
                    "That is no name of a replication slot",
                    "Use lower-case letters, digits and underscores, at most 63."));
        }
        if (timeout().isNegative() || timeout().isZero()) {
            problems.add(problem("A standby leader cannot be waited for " + timeout(), "Give a positive duration."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static Problem problem(String message, String remedy) {
        return Problem.of("patroni.demote-cluster", message, remedy);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder; one of host, port and restore command is mandatory
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link DemoteCluster}. Confined to one thread. */
    final class Builder extends ImmutableDemoteCluster.Builder implements WhenClosed.Choice<Builder> {
        Builder() {}
    }
}
