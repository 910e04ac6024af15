package io.pgha.patroni;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Maintenance mode for the length of a {@code try} block. Closing it turns the mode off again, unless it was on before.
 *
 * <p>Where the program ends without closing it, the cluster stays paused. Thread-safe.
 */
public final class PauseScope implements AutoCloseable {
    private final PauseResult result;
    private final Supplier<CompletableFuture<PauseResult>> resume;
    private final AtomicBoolean closed = new AtomicBoolean();

    PauseScope(PauseResult result, Supplier<CompletableFuture<PauseResult>> resume) {
        this.result = result;
        this.resume = resume;
    }

    /** Turns maintenance mode on. */
    interface Pausing {
        PauseResult pause(Pause wanted) throws InterruptedException;
    }

    /** Pauses, then waits for the members; where that fails it resumes, so that nobody is left with a pause and no scope. */
    static PauseScope open(Pausing pausing, Supplier<CompletableFuture<PauseResult>> resume, Pause wanted)
            throws InterruptedException {
        PauseResult begun = pausing.pause(Pause.builder().await(Duration.ZERO).build());
        try {
            PauseResult now = pausing.pause(wanted);
            return new PauseScope(
                    new PauseResult(begun.changed(), now.recognized(), now.silent(), begun.explanation()), resume);
        } catch (PatroniException | InterruptedException e) {
            try {
                new PauseScope(begun, resume).close();
            } catch (PatroniException stillPaused) {
                e.addSuppressed(stillPaused);
            }
            throw e;
        }
    }

    PauseScope because(String reason) {
        return new PauseScope(result.because(reason), resume);
    }

    /**
     * Returns what came of turning the mode on.
     *
     * @return whether it was off before, and who has recognized it
     */
    public PauseResult result() {
        return result;
    }

    @Override
    public String toString() {
        return (closed.get() ? "Pause, ended: " : "Pause: ") + result;
    }

    /**
     * Resumes, if this scope paused. Does network I/O and blocks until every member has recognized it, even when the thread is
     * interrupted, which it still is afterwards. Safe to call twice.
     *
     * @throws PatroniException when the cluster could not be resumed; it is still paused then
     */
    @Override
    public void close() {
        if (!result.changed() || closed.getAndSet(true)) {
            return;
        }
        CompletableFuture<PauseResult> resumed = resume.get();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    resumed.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true; // a cluster must not stay paused for that; all waits in there have deadlines
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PatroniException failure) {
                throw failure;
            }
            throw new CompletionException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
