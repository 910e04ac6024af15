package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.immutables.value.Value;

/** A command with a guard: it runs where the guard does not print {@value #OK}. Immutable and thread-safe. */
@Value.Immutable
public interface CommandResource extends Resource {

    /** What a guard prints when there is nothing to do. */
    String OK = "ok";

    @Override
    String id();

    @Override
    String title();

    /**
     * Returns the script that prints {@value #OK} when all is as desired, and otherwise, in a few words, what is not.
     *
     * @return POSIX {@code sh}; changes nothing
     */
    String guard();

    /**
     * Returns a program whose answer the guard finds in {@code $batch}.
     *
     * @return the program, run once for all that share it; empty by default
     */
    Optional<Probe.Batch> batch();

    /**
     * Returns what the guard prints on a bare machine.
     *
     * @return the answer; {@code not done} by default
     */
    @Value.Default
    default String bare() {
        return "not done";
    }

    /**
     * Returns the script that makes it so; harmless when repeated.
     *
     * @return POSIX {@code sh}; values quoted, secrets only on {@link #stdin()}
     */
    String script();

    /**
     * Returns what the script reads from its standard input.
     *
     * @return the text; empty by default
     */
    @Value.Default
    @Value.Redacted
    default String stdin() {
        return "";
    }

    /**
     * Returns what the command does to running services.
     *
     * @return {@link Impact#NONE} by default
     */
    @Value.Default
    default Impact impact() {
        return Impact.NONE;
    }

    /**
     * Returns how long the command may take.
     *
     * @return the limit; 60 s by default
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofSeconds(60);
    }

    @Override
    List<Notification> notifies();

    @Override
    @Value.Default
    default Volatility volatility() {
        return Volatility.STABLE;
    }

    @Override
    default Probe probe() {
        return new Probe(id(), guard(), bare(), batch());
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        if (observation.text().equals(OK) && observation.triggers().isEmpty()) {
            return Optional.empty();
        }
        String reason = observation.text().equals(OK)
                ? observation.triggers().stream()
                        .map(trigger -> trigger.cause() + trigger(trigger.reaction()))
                        .collect(Collectors.joining(", "))
                : observation.text();
        return Optional.of(Change.of(reason, impact()));
    }

    private static String trigger(Reaction reaction) {
        return reaction == Reaction.RESTART ? "" : " (reload)";
    }

    @Override
    default Act.OnHost act(Observation observation) {
        return Act.onHost(
                Command.builder()
                        .script(Pending.mark(notifies()) + script())
                        .stdin(stdin())
                        .timeout(limit())
                        .build(),
                OK);
    }

    /**
     * Returns a builder.
     *
     * @param id the name, unique on its node
     * @return a new builder; {@code title}, {@code guard} and {@code script} are mandatory
     */
    static Builder named(String id) {
        return new Builder().id(id);
    }

    /** Builds a {@link CommandResource}. Confined to one thread. */
    final class Builder extends ImmutableCommandResource.Builder {
        Builder() {}
    }
}
