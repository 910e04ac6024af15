package io.pgha.etcd.internal.rpc;

import io.pgha.etcd.EtcdException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** All threads of one client, daemons named {@code pgha-etcd-…} and gone when idle, and blocking work as futures on them. */
public final class Async implements Executor, AutoCloseable {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final int IDLE_SECONDS = 5;

    private final Set<Operation<?>> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    Async() {
        String name = "pgha-etcd-" + CLIENTS.incrementAndGet() + "-";
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, closed) -> {
                    // Only a closed pool refuses a task; by then nobody waits for its result.
                });
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** However the future ends early, the work is interrupted. */
    @SuppressWarnings("FutureReturnValueIgnored") // only the end of these futures matters
    public <T> CompletableFuture<T> call(Callable<T> work) {
        Operation<T> operation = new Operation<>(work);
        running.add(operation);
        operation.whenComplete((value, failure) -> {
            running.remove(operation);
            operation.task.cancel(true);
        });
        threads.execute(operation.task);
        return operation;
    }

    @Override
    public void close() {
        running.forEach(operation -> operation.completeExceptionally(Failures.of(
                EtcdException.CLOSED, "The client of etcd is closed", "Open another one with Etcd.client(..).")));
        threads.shutdown();
    }

    private static final class Operation<T> extends CompletableFuture<T> {
        private final FutureTask<T> task;

        Operation(Callable<T> work) {
            this.task = new FutureTask<>(work) {
                @Override
                protected void done() {
                    takeOver(this);
                }
            };
        }

        private void takeOver(FutureTask<T> finished) {
            try {
                complete(finished.get());
            } catch (ExecutionException e) {
                completeExceptionally(e.getCause());
            } catch (CancellationException e) {
                cancel(false);
            } catch (InterruptedException e) {
                completeExceptionally(e); // an interrupt that came late belonged to this work
            }
        }
    }
}
