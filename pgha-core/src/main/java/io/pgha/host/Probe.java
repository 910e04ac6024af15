package io.pgha.host;

/**
 * A question to a machine: a script that changes nothing and prints an observation.
 *
 * <p>Many probes are asked in one remote command. Immutable and thread-safe.
 *
 * @param id the name of what is observed, unique on its machine, for example {@code file:/etc/hosts}
 * @param script POSIX {@code sh}; runs in a subshell as root with standard input closed, {@code LC_ALL=C}, and prints the
 *     observation; trailing newlines are cut; its exit status is ignored
 * @param bare what the script prints on a machine that pgha has never touched; what rehearsals start from
 */
public record Probe(String id, String script, String bare) {}
