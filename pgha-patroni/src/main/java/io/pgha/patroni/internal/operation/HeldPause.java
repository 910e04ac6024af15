package io.pgha.patroni.internal.operation;

import io.pgha.patroni.PatroniException;
import io.pgha.patroni.operation.Pause;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.operation.PauseScope;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A pause that this client holds, until it is closed. Thread-safe. */
public final class HeldPause implements PauseScope {
    private final PauseResult result;
    private final Supplier<CompletableFuture<PauseResult>> resume;
    private final AtomicBoolean closed = new AtomicBoolean();

    HeldPause(PauseResult result, Supplier<CompletableFuture<PauseResult>> resume) {
        this.result = result;
        this.resume = resume;
    }

    /** Turns maintenance mode on. */
    public interface Pausing {
        PauseResult pause(Pause wanted) throws InterruptedException;
    }

    /**
     * Pauses, then waits for the members; where that fails it resumes, so that nobody is left with a pause and no
     * scope.
     */
    public static HeldPause open(Pausing pausing, Supplier<CompletableFuture<PauseResult>> resume, Pause wanted)
            throws InterruptedException {
        PauseResult begun = pausing.pause(Pause.builder().await(Duration.ZERO).build());
        try {
            PauseResult now = pausing.pause(wanted);
            return new HeldPause(
                    new PauseResult(
                            begun.changed(), now.recognized(), now.silent(), begun.explanation(), Optional.empty()),
                    resume);
        } catch (PatroniException | InterruptedException e) {
            try {
                new HeldPause(begun, resume).close();
            } catch (PatroniException stillPaused) {
                e.addSuppressed(stillPaused);
            }
            throw e;
        }
    }

    public HeldPause because(String reason) {
        return new HeldPause(Overridden.because(result, reason), resume);
    }

    @Override
    public PauseResult result() {
        return result;
    }

    @Override
    public String toString() {
        return (closed.get() ? "Pause, ended: " : "Pause: ") + result;
    }

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
