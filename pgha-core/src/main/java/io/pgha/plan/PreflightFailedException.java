package io.pgha.plan;

import io.pgha.PgHaException;
import io.pgha.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reports everything that stands in the way, of all hosts at once, before anything was touched. The code is that of the
 * only problem, or {@code preflight.failed} where there are several.
 */
public class PreflightFailedException extends PgHaException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @param cluster the cluster's name
     * @param problems what stands in the way; not empty
     */
    public PreflightFailedException(String cluster, List<Problem> problems) {
        super(summary(problems), message(cluster, problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Returns everything that stands in the way.
     *
     * @return the problems
     */
    public List<Problem> problems() {
        return problems;
    }

    private static Problem summary(List<Problem> problems) {
        return problems.size() == 1
                ? problems.get(0)
                : Problem.of(
                        "preflight.failed",
                        problems.size() + " problems stand in the way",
                        problems.stream().map(Problem::remedy).distinct().collect(Collectors.joining(" ")));
    }

    private static String message(String cluster, List<Problem> problems) {
        return cluster + " cannot be planned; nothing was changed. " + problems.size() + " problem(s):\n"
                + problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
