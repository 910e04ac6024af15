package io.pgha.client;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.text.Count;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The blocking work of one client as futures, none of which outlives the client. Thread-safe. */
public final class Async implements AutoCloseable {
    private final Executor threads;
    private final Supplier<? extends PgHaException> whenClosed;
    private final Set<Operation<?>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Creates the futures of a client; starts no thread.
     *
     * @param threads does the work; the client ends it by itself, behind {@link #close()}
     * @param whenClosed tells that the client is closed, with the remedy
     */
    public Async(Executor threads, Supplier<? extends PgHaException> whenClosed) {
        this.threads = Given.value(threads, "threads");
        this.whenClosed = Given.value(whenClosed, "whenClosed");
    }

    /**
     * Begins work on a thread of the client.
     *
     * @param <T> what comes of it
     * @param work may block; it is interrupted when its future ends before it does, cancelled or otherwise
     * @return completes with what the work returns or throws, or when the client is closed; {@code toString} tells how
     *     far it is
     * @throws PgHaException when the client is closed already
     */
    public <T> CompletableFuture<T> call(Callable<T> work) {
        Given.value(work, "work");
        if (closed) {
            throw whenClosed.get();
        }
        Operation<T> operation = new Operation<>(work);
        running.add(operation);
        CompletableFuture<?> unused = operation.whenComplete((value, failure) -> running.remove(operation));
        operation.startOn(threads);
        if (closed) {
            operation.completeExceptionally(whenClosed.get());
        }
        return operation;
    }

    /**
     * Does everything at once and waits for all of it, whatever happens to one. Blocks; within work of the same client
     * it needs a pool that grows, such as {@link DaemonThreads#pool}.
     *
     * @param <K> what each is done for
     * @param <V> what comes of it
     * @param work what is to be done
     * @return what came of each, in the order in which it was given
     * @throws RuntimeException the first of those that the work threw, with the others suppressed
     * @throws InterruptedException when the calling thread is interrupted; all work is, then
     */
    public <K, V> Map<K, V> all(Map<K, Callable<V>> work) throws InterruptedException {
        Given.value(work, "work");
        Map<K, CompletableFuture<V>> futures = new LinkedHashMap<>();
        Map<K, V> results = new LinkedHashMap<>();
        Set<RuntimeException> failures = new LinkedHashSet<>();
        try {
            work.forEach((key, one) -> futures.put(key, call(one)));
            for (Map.Entry<K, CompletableFuture<V>> each : futures.entrySet()) {
                try {
                    results.put(each.getKey(), each.getValue().get());
                } catch (ExecutionException e) {
                    failures.add(e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e));
                }
            }
        } finally {
            futures.values().forEach(future -> future.cancel(true));
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.iterator().next();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
        return results;
    }

    /** Ends all work that is under way, and lets none begin. Safe to call twice. */
    @Override
    public void close() {
        closed = true;
        running.forEach(operation -> operation.completeExceptionally(whenClosed.get()));
    }

    @Override
    public String toString() {
        return Count.of(running.size(), "call") + " under way" + (closed ? ", closed" : "");
    }
}
