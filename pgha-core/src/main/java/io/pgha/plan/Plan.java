package io.pgha.plan;

import io.pgha.model.maintenance.Closure;
import io.pgha.run.Run;
import io.pgha.run.RunOptions;
import io.pgha.run.RunReport;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What would change, where and why; the dry run, and the only way to change anything. Thread-safe.
 *
 * <p>{@code toString} prints it as one would explain it aloud; {@link #details()} adds the differences of the files.
 */
public interface Plan {

    /**
     * Returns the cluster's name.
     *
     * @return the name
     */
    String cluster();

    /**
     * Returns the stages with something to do, in order.
     *
     * @return the stages; empty when the hosts are as the configuration says
     */
    List<Stage> stages();

    /**
     * Returns all steps.
     *
     * @return stage after stage
     */
    default List<Step> steps() {
        return stages().stream().flatMap(stage -> stage.steps().stream()).toList();
    }

    /**
     * Returns whether there is nothing to do.
     *
     * @return true when the hosts are as the configuration says
     */
    default boolean isEmpty() {
        return stages().isEmpty();
    }

    /**
     * Returns the gravest impact of all steps.
     *
     * @return {@link Impact#NONE} for an empty plan
     */
    default Impact impact() {
        return steps().stream().map(Step::impact).max(Comparator.naturalOrder()).orElse(Impact.NONE);
    }

    /**
     * Returns whether the plan would be refused now, because it interrupts the service and maintenance is closed.
     *
     * @return what closes maintenance and when it opens; empty where the plan may be applied now
     */
    Optional<Closure> closed();

    /**
     * Returns the plan with the differences of all files.
     *
     * @return many lines; no secret in them
     */
    String details();

    /**
     * Starts to apply the plan and returns at once. The run keeps the JVM alive until it has ended or is cancelled; it
     * needs the {@link io.pgha.PgHa} open as long.
     *
     * @param options completes the options
     * @return the run
     */
    Run start(UnaryOperator<RunOptions.Builder> options);

    /**
     * Applies the plan and waits. When the waiting thread leaves for any reason, the run is cancelled.
     *
     * @param options completes the options
     * @return what was done
     * @throws StalePlanException when a host is no longer as the plan saw it; nothing was changed
     * @throws io.pgha.run.MaintenanceClosedException when the plan interrupts the service and maintenance is closed,
     *     unless the options override that or wait; nothing was changed
     * @throws io.pgha.run.RunFailedException when a step failed, or one that interrupts the service came to its turn
     *     after maintenance had closed (code {@code maintenance.closed}); what was done stays, and the next plan goes
     *     on from there
     * @throws io.pgha.run.RunCancelledException when it was cancelled
     * @throws InterruptedException when the calling thread is interrupted
     */
    RunReport apply(UnaryOperator<RunOptions.Builder> options) throws InterruptedException;

    /**
     * Applies the plan with default options and waits.
     *
     * @return what was done
     * @throws InterruptedException when the calling thread is interrupted
     * @see #apply(UnaryOperator)
     */
    default RunReport apply() throws InterruptedException {
        return apply(options -> options);
    }
}
