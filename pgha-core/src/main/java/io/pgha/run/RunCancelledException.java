package io.pgha.run;

import io.pgha.PgHaException;
import io.pgha.Problem;

/** Reports that a run was cancelled between two steps. Code {@code run.cancelled}. */
public class RunCancelledException extends PgHaException {
    private static final long serialVersionUID = 1L;

    private final transient RunReport report;

    /**
     * Creates the exception.
     *
     * @param report what was done
     */
    public RunCancelledException(RunReport report) {
        super(Problem.of(
                "run.cancelled",
                "The run on " + report.cluster() + " was cancelled after "
                        + report.done().size() + " of " + report.steps() + " steps",
                "Plan and apply again: what is done stays done."));
        this.report = report;
    }

    /**
     * Returns what was done.
     *
     * @return the report
     */
    public RunReport report() {
        return report;
    }
}
