package io.pgha;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports that something pgha was asked to do did not happen; the root of every exception of the library.
 *
 * <p>The message says what failed, where and why, and ends with a line {@code To fix: …}. A program that decides by
 * kind should look at {@link #code()}, which is stable across releases, never at the text. Immutable and thread-safe.
 */
public class PgHaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /**
     * Creates the exception for one problem.
     *
     * @param problem what is wrong, where, and what to do
     */
    public PgHaException(Problem problem) {
        this(problem, null);
    }

    /**
     * Creates the exception for one problem with its cause.
     *
     * @param problem what is wrong, where, and what to do
     * @param cause the failure underneath, or null where there is none
     */
    public PgHaException(Problem problem, @Nullable Throwable cause) {
        this(problem, problem.toString(), cause);
    }

    /**
     * Creates the exception with a message of its own, for exceptions that stand for several problems.
     *
     * @param problem the problem that gives code, node and remedy
     * @param message the whole message
     * @param cause the failure underneath, or null where there is none
     */
    protected PgHaException(Problem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /**
     * Returns the stable, dotted name of this kind of failure, for example {@code ssh.host-key-changed}.
     *
     * @return the code, lower case
     */
    public String code() {
        return problem.code();
    }

    /**
     * Returns what the reader can do about it, with the real names in it.
     *
     * @return one or more sentences
     */
    public String remedy() {
        return problem.remedy();
    }

    /**
     * Returns the name of the node where it happened.
     *
     * @return the node's name, or empty where the failure belongs to no single node
     */
    public Optional<String> node() {
        return problem.node();
    }

    /**
     * Returns the same facts as a value.
     *
     * @return the problem
     */
    public Problem problem() {
        return problem;
    }
}
