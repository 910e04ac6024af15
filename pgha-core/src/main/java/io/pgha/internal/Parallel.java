package io.pgha.internal;

import io.pgha.model.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** Does one thing on many nodes at once, each on a daemon thread named after cluster and node. */
final class Parallel {
    private final String cluster;

    Parallel(String cluster) {
        this.cluster = cluster;
    }

    /** An operation on one node. */
    interface Work<T> {
        T on(Node node) throws InterruptedException;
    }

    /** Does the work on every node and waits for all, whatever happens on one of them. */
    <T> Map<Node, T> all(Collection<Node> nodes, Work<T> work, Collection<RuntimeException> failures)
            throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        Map<Node, CompletableFuture<T>> futures = new LinkedHashMap<>();
        for (Node node : nodes) {
            CompletableFuture<T> future = new CompletableFuture<>();
            futures.put(node, future);
            threads.add(thread(node, () -> complete(future, () -> work.on(node))));
        }
        threads.forEach(Thread::start);
        try {
            return collect(futures, failures);
        } catch (InterruptedException interrupted) {
            threads.forEach(Thread::interrupt);
            throw interrupted;
        }
    }

    private static <T> Map<Node, T> collect(
            Map<Node, CompletableFuture<T>> futures, Collection<RuntimeException> failures)
            throws InterruptedException {
        Map<Node, T> values = new LinkedHashMap<>();
        for (Map.Entry<Node, CompletableFuture<T>> entry : futures.entrySet()) {
            try {
                values.put(entry.getKey(), entry.getValue().get());
            } catch (ExecutionException e) {
                failures.add(unchecked(e));
            } catch (CancellationException e) {
                failures.add(e);
            }
        }
        return values;
    }

    /** What a task threw, as what it was; errors of the virtual machine are passed on. */
    static RuntimeException unchecked(ExecutionException failure) {
        if (failure.getCause() instanceof Error error) {
            throw error;
        }
        return failure.getCause() instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }

    private static <T> void complete(CompletableFuture<T> future, Callable<T> work) {
        try {
            future.complete(work.call());
        } catch (Throwable e) { // everything a node's work throws belongs to whoever waits for it
            future.completeExceptionally(e);
        }
    }

    Thread thread(Node node, Runnable work) {
        Thread thread = new Thread(work, "pgha-" + cluster + "-" + node.name());
        thread.setDaemon(true);
        return thread;
    }

    /** An executor that gives every lane a daemon thread of its own. */
    Executor executor(Node node) {
        return work -> thread(node, work).start();
    }
}
