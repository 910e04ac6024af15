package io.pgha.plan;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.List;

/** Reports that a host is no longer as the plan saw it. Nothing was changed. Code {@code plan.stale}. */
public class StalePlanException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** More tell nobody more, where all has changed since because the plan has been applied. */
    private static final int NAMED = 5;

    /**
     * Creates the exception.
     *
     * @param cluster the cluster's name
     * @param differences what differs, {@code node: title} each; the message names the first five
     */
    public StalePlanException(String cluster, List<String> differences) {
        super(Problem.of(
                "plan.stale",
                "The plan of " + cluster + " is stale. Since it was made, this has changed: " + named(differences)
                        + ". Nothing was changed now.",
                "Plan again, read the new plan and apply that. A plan is applied once."));
    }

    private static String named(List<String> differences) {
        int more = differences.size() - NAMED;
        return String.join("; ", differences.subList(0, Math.min(NAMED, differences.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }
}
