package io.pgha.patroni;

import io.pgha.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reports that something was asked of Patroni and that, for want of an answer, nobody can say whether it happens. Code
 * {@code patroni.outcome-unknown}. Look at the cluster before asking again. Immutable and thread-safe.
 */
public class OutcomeUnknownException extends PatroniException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param problem what is unknown and what to do
     * @param cause the failure underneath, or null
     */
    public OutcomeUnknownException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
