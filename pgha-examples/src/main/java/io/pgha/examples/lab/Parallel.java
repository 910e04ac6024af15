package io.pgha.examples.lab;

import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Does the same for several hosts at a time. */
final class Parallel {
    private Parallel() {}

    /** Does something for one host. */
    @FunctionalInterface
    interface Action<T> {
        void accept(T item) throws InterruptedException;
    }

    /**
     * Does something for all items, each on a thread of its own; returns or throws only when no thread works any more.
     * The first failure, and an interrupt, interrupts the others.
     */
    static <T> void forEach(List<T> items, Action<T> action) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(items.size(), work -> {
            Thread thread = new Thread(work, "pgha-lab-host");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<T> done = new ExecutorCompletionService<>(pool);
            for (T item : items) {
                done.submit(() -> {
                    action.accept(item);
                    return item;
                });
            }
            for (int i = 0; i < items.size(); i++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            throw Failures.unchecked(e);
        } finally {
            pool.shutdownNow();
            Uninterruptibly.call(() -> pool.awaitTermination(1, TimeUnit.MINUTES));
        }
    }
}
