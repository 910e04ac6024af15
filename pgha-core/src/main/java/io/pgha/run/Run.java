package io.pgha.run;

import java.util.concurrent.CompletableFuture;

/** A plan that is being applied. Thread-safe. */
public interface Run {

    /**
     * Asks the run to stop: steps that are under way end, waits are cut short, no further step starts. Returns at once.
     */
    void cancel();

    /**
     * Waits for the end. A thread that is interrupted while it waits leaves the run going.
     *
     * @return the report of a run that did everything
     * @throws RunFailedException when a step failed
     * @throws RunCancelledException when it was cancelled
     * @throws InterruptedException when the calling thread is interrupted
     */
    RunReport await() throws InterruptedException;

    /**
     * Returns the end as a future; it completes with the exceptions that {@link #await} throws. Cancelling the future does not
     * cancel the run.
     *
     * @return a new future
     */
    CompletableFuture<RunReport> future();

    /**
     * Returns how far it is.
     *
     * @return steps done and in all
     */
    Progress progress();
}
