package io.pgha;

import java.util.Optional;

/**
 * Describes one thing that is wrong and what to do about it; many can be reported at once.
 *
 * <p>Immutable and thread-safe. {@code toString} is the text that is shown to people.
 *
 * @param code the stable, dotted name of this kind of problem, for example {@code preflight.vip-taken}
 * @param node the node's name, or empty where the problem belongs to no single node
 * @param message what failed, where, and why; no secret in it
 * @param remedy what to do, with the real names
 */
public record Problem(String code, Optional<String> node, String message, String remedy) {

    /**
     * Returns a problem that belongs to no single node.
     *
     * @param code the stable name of the kind
     * @param message what is wrong and why
     * @param remedy what to do
     * @return the problem
     */
    public static Problem of(String code, String message, String remedy) {
        return new Problem(code, Optional.empty(), message, remedy);
    }

    /**
     * Returns a problem of one node.
     *
     * @param code the stable name of the kind
     * @param node the node's name
     * @param message what is wrong and why
     * @param remedy what to do
     * @return the problem
     */
    public static Problem on(String node, String code, String message, String remedy) {
        return new Problem(code, Optional.of(node), message, remedy);
    }

    @Override
    public String toString() {
        return node.map(name -> name + ": ").orElse("") + message + "\n  To fix: " + remedy;
    }
}
