package io.pgha.run;

import java.util.concurrent.CompletableFuture;

/**
 * A plan that is being applied. Thread-safe.
 *
 * <p>It keeps the JVM alive until it has ended: a program whose main method returns ends when its runs have.
 * {@code System.exit}, a signal and Ctrl-C end it at once; what is done stays done then, nothing is half-done, and the
 * next plan goes on from there. Closing the {@link io.pgha.PgHa} underneath makes it fail at its next command.
 */
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
     * Returns the end as a future; it completes with the exceptions that {@link #await} throws. Cancelling the future
     * does not cancel the run.
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
