package io.pgha.host;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A question to a machine: what changes nothing and tells an observation. Either a script prints it, or the library
 * reads it out of what programs print that answer many probes at once; the latter costs the machine nothing of its own.
 *
 * <p>Many probes are asked in one remote command. Immutable and thread-safe.
 *
 * @param id the name of what is observed, unique on its machine, for example {@code file:/etc/hosts}
 * @param script POSIX {@code sh}; runs in a subshell as root with standard input closed, {@code LC_ALL=C}, and prints
 *     the observation; trailing newlines are cut; its exit status is ignored; empty where {@code reading} makes the
 *     observation
 * @param bare the observation of a machine that pgha has never touched; what rehearsals start from
 * @param batches programs that are run before, once for all probes of the remote command that share them; a script has
 *     one at most, and finds what it printed in {@code $batch}
 * @param reading makes the observation of what the programs printed, in their order; empty where a script prints it
 */
public record Probe(
        String id, String script, String bare, List<Batch> batches, Optional<Function<List<String>, String>> reading) {

    /**
     * Copies the programs.
     *
     * @param id the name of what is observed
     * @param script POSIX {@code sh}, or empty
     * @param bare the observation of a machine that pgha has never touched
     * @param batches what is run before
     * @param reading makes the observation, where no script does
     * @throws IllegalArgumentException when both a script and a reading make it, or neither
     */
    public Probe {
        batches = List.copyOf(batches);
        if (script.isEmpty() != reading.isPresent()) {
            throw new IllegalArgumentException("Either a script or a reading tells " + id);
        }
    }

    /**
     * Creates a probe whose script shares nothing.
     *
     * @param id the name of what is observed
     * @param script POSIX {@code sh}
     * @param bare the observation of a machine that pgha has never touched
     */
    public Probe(String id, String script, String bare) {
        this(id, script, bare, Optional.empty());
    }

    /**
     * Creates a probe whose script may share a program.
     *
     * @param id the name of what is observed
     * @param script POSIX {@code sh}
     * @param bare the observation of a machine that pgha has never touched
     * @param batch what is run before, once for all that share it
     */
    public Probe(String id, String script, String bare, Optional<Batch> batch) {
        this(id, script, bare, batch.stream().toList(), Optional.empty());
    }

    /**
     * Creates a probe without a script.
     *
     * @param id the name of what is observed
     * @param batches what is run, once for all that share it
     * @param reading makes the observation of what they printed, in their order
     * @param bare the observation of a machine that pgha has never touched
     */
    public Probe(String id, List<Batch> batches, Function<List<String>, String> reading, String bare) {
        this(id, "", bare, batches, Optional.of(reading));
    }

    /** Probes are equal that ask the same of the machine: functions cannot be compared. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Probe that
                && id.equals(that.id)
                && script.equals(that.script)
                && bare.equals(that.bare)
                && batches.equals(that.batches);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, script, bare, batches);
    }

    /**
     * A program that answers about many things as quickly as about one. Its standard error is discarded.
     *
     * @param program POSIX {@code sh} words; probes share it where these are the same
     * @param arguments what this probe wants to know about, each one word; not yet quoted
     */
    public record Batch(String program, List<String> arguments) {

        /**
         * Copies the arguments.
         *
         * @param program POSIX {@code sh} words
         * @param arguments what this probe wants to know about
         */
        public Batch {
            arguments = List.copyOf(arguments);
        }

        /**
         * Returns the script that runs the program for these arguments alone, outside a probe.
         *
         * @return POSIX {@code sh} that sets {@code $batch}
         */
        public String alone() {
            return "batch=$(" + call() + ")\n";
        }

        /** Returns one that answers about all that others ask the same program, each argument once. */
        static Batch ofAll(List<Batch> batches) {
            return new Batch(
                    batches.get(0).program(),
                    batches.stream()
                            .flatMap(batch -> batch.arguments().stream())
                            .distinct()
                            .toList());
        }

        /** Returns the command that runs the program. */
        String call() {
            return program
                    + arguments.stream().map(ShellQuote::quote).collect(Collectors.joining(" ", " ", ""))
                    + " </dev/null 2>/dev/null";
        }
    }
}
