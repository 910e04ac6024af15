package io.pgha.patroni.internal.rest;

import java.net.http.HttpClient;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * All threads of one client: daemons named {@code pgha-patroni-…}, few, gone when idle.
 *
 * <p>Four pools, because their tasks wait for one another: operations wait for dialling and for SQL, dialling (name
 * resolution, a route's tunnel) for nobody, and the HTTP client's own tasks must run while all wait.
 */
public final class Threads implements AutoCloseable {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final int IDLE_SECONDS = 5;

    private final int client = CLIENTS.incrementAndGet();
    private final ThreadGroup selectors = new ThreadGroup("pgha-patroni-" + client);
    private final Set<Thread> own = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor operations;
    private final ThreadPoolExecutor dialers = pool("dial", 16);
    private final ThreadPoolExecutor http = pool("http", 4);
    private final ThreadPoolExecutor sql = pool("sql", 8);
    private final ScheduledThreadPoolExecutor timer = clock();
    private volatile boolean closed;

    public Threads() {
        this(16);
    }

    /** Makes room for so many operations at the same time; threads start when there is work for them. */
    public Threads(int operations) {
        this.operations = pool("op", operations);
    }

    boolean closed() {
        return closed;
    }

    public ExecutorService operations() {
        return operations;
    }

    ExecutorService dialers() {
        return dialers;
    }

    ExecutorService http() {
        return http;
    }

    public ExecutorService sql() {
        return sql;
    }

    /** Returns the clock of what must not last: its tasks are short and wait for nobody. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /** Makes a thread that belongs to the client and ends with it. */
    public Thread thread(String name, Runnable task) {
        Thread thread = daemon(null, name, task);
        own.removeIf(earlier -> earlier.getState() == Thread.State.TERMINATED);
        own.add(thread);
        return thread;
    }

    /**
     * Builds an HTTP client on a thread of a group of its own, so that the client's selector thread is in that group,
     * and nothing else is: a route may open an SSH connection, which is not this client's to end.
     */
    HttpClient build(HttpClient.Builder builder) {
        HttpClient http = CompletableFuture.supplyAsync(
                        builder::build, task -> daemon(selectors, "build", task).start())
                .join();
        if (closed) {
            selectors.interrupt(); // its selector thread is younger than the interrupt that ended the others
        }
        return http;
    }

    private Thread daemon(@Nullable ThreadGroup group, String name, Runnable task) {
        Thread thread = new Thread(group, task, "pgha-patroni-" + client + "-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Ends all threads, among them the selector threads of the HTTP clients, which end when interrupted. JDK 17 has no
     * other way to close an HTTP client.
     */
    @Override
    public void close() {
        closed = true;
        operations.shutdownNow();
        dialers.shutdownNow();
        sql.shutdownNow();
        timer.shutdownNow();
        own.forEach(Thread::interrupt);
        selectors.interrupt();
        http.shutdown();
    }

    private ThreadPoolExecutor pool(String name, int size) {
        return idle(new ThreadPoolExecutor(
                size,
                size,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory(name),
                Threads::refuse));
    }

    private ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory("timer"), Threads::refuse);
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.setRemoveOnCancelPolicy(true);
        return idle(timer);
    }

    private ThreadFactory factory(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> thread(name + "-" + number.incrementAndGet(), task);
    }

    private static <T extends ThreadPoolExecutor> T idle(T pool) {
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Only a closed pool refuses a task; by then nobody waits for its result. */
    private static void refuse(Runnable task, ThreadPoolExecutor closed) {}
}
