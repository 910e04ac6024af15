package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A wait for a condition on the machine; one that fails says why, with the condition's last answer and the last lines
 * of the unit's journal. Immutable and thread-safe.
 */
@Value.Immutable
public interface AwaitResource extends Resource {

    @Override
    String id();

    /**
     * Returns what is waited for.
     *
     * @return the words after "wait until", for example {@code etcd is healthy}
     */
    String condition();

    /**
     * Returns the script that ends with status 0 when the condition holds; what it prints otherwise becomes the reason.
     *
     * @return POSIX {@code sh}; changes nothing
     */
    String check();

    /**
     * Returns a program whose answer the check finds in {@code $batch}.
     *
     * @return the program, run once for all probes that share it, and again before each further check; empty by default
     */
    Optional<Probe.Batch> batch();

    /**
     * Returns the unit whose journal explains a failure.
     *
     * @return the name without {@code .service}
     */
    Optional<String> unit();

    /**
     * Returns how long to wait.
     *
     * @return the limit; 60 s by default
     */
    @Value.Default
    default Duration limit() {
        return Duration.ofSeconds(60);
    }

    @Override
    @Value.Derived
    default String title() {
        return "wait until " + condition();
    }

    @Override
    default Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    default Probe probe() {
        return new Probe(
                id(),
                "if answer=$( { " + check() + "\n} 2>&1 ); then echo ok; else printf 'not yet: %s' \"$answer\"; fi",
                "not yet",
                batch());
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        if (!observation.text().equals("ok")) {
            return Optional.of(Change.of(observation.text(), Impact.NONE));
        }
        return observation.triggers().stream().findFirst().map(trigger -> Change.of(trigger.cause(), Impact.NONE));
    }

    @Override
    default Act.OnHost act(Observation observation) {
        String journal = unit().map(
                        unit -> Script.of("echo {{heading}}; journalctl -u {{unit}} -n 20 --no-pager -o cat")
                                .value("heading", "Last lines of the journal of " + unit + ":")
                                .value("unit", unit)
                                .render())
                .orElse(":");
        return Act.onHost(
                Command.builder()
                        .script(Script.of("""
                    {{clock}}
                    clock; until=$(( clock + {{seconds}} ))
                    while ! answer=$( {
                    {{check}}
                    } 2>&1 ); do
                      clock
                      if [ $clock -ge $until ]; then
                        printf 'Still not so after {{seconds}} s; the last answer was: %s\\n' "$answer"
                        {{journal}}
                        exit 1
                      fi
                      sleep 0.2
                    done
                    """)
                                .part("clock", ShellClock.DEFINITION)
                                .value("seconds", limit().toSeconds())
                                .part("check", batch().map(Probe.Batch::alone).orElse("") + check())
                                .part("journal", journal)
                                .render())
                        .timeout(limit().plusSeconds(30))
                        .build(),
                "ok");
    }

    /**
     * Returns a builder.
     *
     * @param id the name, unique on its node
     * @return a new builder; {@code condition} and {@code check} are mandatory
     */
    static Builder named(String id) {
        return new Builder().id(id);
    }

    /** Builds an {@link AwaitResource}. Confined to one thread. */
    final class Builder extends ImmutableAwaitResource.Builder {
        Builder() {}
    }
}
