package io.pgha.plan;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.List;

/** Reports that a host is no longer as the plan saw it. Nothing was changed. Code {@code plan.stale}. */
public class StalePlanException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param cluster the cluster's name
     * @param differences what differs, {@code node: title} each
     */
    public StalePlanException(String cluster, List<String> differences) {
        super(Problem.of(
                "plan.stale",
                "The plan of " + cluster + " is stale. Since it was made, this has changed: "
                        + String.join("; ", differences) + ". Nothing was changed now.",
                "Plan again, read the new plan and apply that."));
    }
}
