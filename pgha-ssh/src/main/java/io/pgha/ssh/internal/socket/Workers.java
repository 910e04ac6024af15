package io.pgha.ssh.internal.socket;

import io.pgha.net.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one transport, all daemons: one that keeps time and never blocks, and others that do what may block.
 * The others end when they have been idle for a while.
 */
public final class Workers {
    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    /**
     * Apart from the groups of the callers' threads: sshj's reader, which joins the group of the thread that opens its
     * connection, ends without a word when it is interrupted, and a group may be interrupted as a whole.
     */
    private static final ThreadGroup APART = new ThreadGroup(outermost(), "pgha-ssh");

    private final ScheduledThreadPoolExecutor clock;
    private final ExecutorService others;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    public Workers() {
        clock = new ScheduledThreadPoolExecutor(1, daemons("pgha-ssh-clock-"));
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        others = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons("pgha-ssh-"));
    }

    private static ThreadGroup outermost() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    private ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(APART, task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            threads.removeIf(earlier -> earlier.getState() == Thread.State.TERMINATED);
            threads.add(thread);
            return thread;
        };
    }

    /** Runs a short task again and again until everything is closed. */
    public void every(Duration interval, Runnable task) {
        Future<?> unused = clock.scheduleWithFixedDelay(
                () -> runSafely(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Let through, it would end the repetition, and nobody would be watched any more.
            log.debug("Watching the connections failed this time", e);
        }
    }

    public Future<?> schedule(Runnable task, Duration delay) {
        return clock.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task unless everything is being closed, which makes it pointless. */
    public void execute(Runnable task) {
        try {
            others.execute(task);
        } catch (RejectedExecutionException closed) {
            return;
        }
    }

    public <T> Future<T> submit(Callable<T> task) {
        return others.submit(task);
    }

    /** Ends all threads and waits for them, at most until the deadline. */
    public void close(Deadline deadline) {
        clock.shutdownNow();
        others.shutdownNow();
        try {
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()) {
                    thread.join(deadline.remainingMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
