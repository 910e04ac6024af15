package io.pgha.run;

import io.pgha.PgHaException;
import io.pgha.Problem;
import org.jspecify.annotations.Nullable;

/** Reports that a step of a run failed. Code {@code run.failed}, or that of the step's own failure. */
public class RunFailedException extends PgHaException {
    private static final long serialVersionUID = 1L;

    private final transient RunReport report;

    /**
     * Creates the exception.
     *
     * @param problem the first failure
     * @param report what was done
     * @param cause the failure underneath, or null
     */
    public RunFailedException(Problem problem, RunReport report, @Nullable Throwable cause) {
        super(problem, cause);
        this.report = report;
    }

    /**
     * Returns what was done before it failed.
     *
     * @return the report
     */
    public RunReport report() {
        return report;
    }
}
