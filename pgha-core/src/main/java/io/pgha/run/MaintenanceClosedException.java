package io.pgha.run;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.maintenance.Closure;
import java.time.Instant;

/**
 * Reports that something that interrupts the service was not done, because maintenance is closed. Code
 * {@code maintenance.closed}. Immutable and thread-safe.
 */
public class MaintenanceClosedException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** The code of every such refusal. */
    public static final String CODE = "maintenance.closed";

    private final Instant opening;

    /**
     * Creates the exception.
     *
     * @param problem what was not done and what to do
     * @param closure what closes maintenance
     */
    public MaintenanceClosedException(Problem problem, Closure closure) {
        super(problem);
        this.opening = closure.opening().toInstant();
    }

    /**
     * Returns when maintenance opens next.
     *
     * @return the moment
     */
    public Instant opening() {
        return opening;
    }
}
