package io.pgha.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Blocking work on a thread of a client, as a future. However the future ends early, the work is interrupted.
 * Thread-safe.
 */
final class Operation<T> extends CompletableFuture<T> {
    private final FutureTask<T> task;

    Operation(Callable<T> work) {
        this.task = new FutureTask<>(work) {
            @Override
            protected void done() {
                takeOver(this);
            }
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // only the end of this future matters
    void startOn(Executor executor) {
        whenComplete((value, failure) -> task.cancel(true));
        executor.execute(task);
    }

    @Override
    public String toString() {
        if (!isDone()) {
            return "Under way; join() waits for its end";
        }
        return isCompletedExceptionally() ? "Failed; join() tells why" : "Done: " + join();
    }

    private void takeOver(FutureTask<T> finished) {
        try {
            complete(finished.get());
        } catch (ExecutionException e) {
            completeExceptionally(e.getCause());
        } catch (CancellationException e) {
            cancel(false);
        } catch (InterruptedException e) {
            // A finished task does not wait, but an interrupt that came late is seen here: it belonged to this work.
            completeExceptionally(e);
        }
    }
}
