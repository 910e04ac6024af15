package io.pgha.patroni.query;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reports that PostgreSQL could not be connected to, or did not do what it was asked. Code
 * {@code patroni.query-failed}. Immutable and thread-safe.
 */
public class QueryFailedException extends PatroniException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param sqlState PostgreSQL's code of the error, or null where it gave none
     * @param cause the failure underneath, or null
     */
    public QueryFailedException(Problem problem, @Nullable String sqlState, @Nullable Throwable cause) {
        super(problem, cause);
        this.sqlState = sqlState;
    }

    /**
     * Returns PostgreSQL's code of the error.
     *
     * @return for example {@code 42P01} for a table that does not exist; empty where there is none
     */
    public Optional<String> sqlState() {
        return Optional.ofNullable(sqlState);
    }
}
