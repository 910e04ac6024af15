package io.pgha.host;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A question to a machine: a script that changes nothing and prints an observation.
 *
 * <p>Many probes are asked in one remote command. Immutable and thread-safe.
 *
 * @param id the name of what is observed, unique on its machine, for example {@code file:/etc/hosts}
 * @param script POSIX {@code sh}; runs in a subshell as root with standard input closed, {@code LC_ALL=C}, and prints the
 *     observation; trailing newlines are cut; its exit status is ignored
 * @param bare what the script prints on a machine that pgha has never touched; what rehearsals start from
 * @param batch a program that is run before, once for all probes of the remote command that share it; the script finds what it
 *     printed in {@code $batch}
 */
public record Probe(String id, String script, String bare, Optional<Batch> batch) {

    /**
     * Creates a probe that shares nothing.
     *
     * @param id the name of what is observed
     * @param script POSIX {@code sh}
     * @param bare what the script prints on a machine that pgha has never touched
     */
    public Probe(String id, String script, String bare) {
        this(id, script, bare, Optional.empty());
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
            return "batch=" + answer() + "\n";
        }

        /** Returns the word of a shell that stands for what the program prints. */
        String answer() {
            return "$(" + program
                    + arguments.stream().map(ShellQuote::quote).collect(Collectors.joining(" ", " ", ""))
                    + " </dev/null 2>/dev/null)";
        }
    }
}
