package io.pgha.client;

import io.pgha.Given;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads for what a client does beside its callers: they keep no program from ending. Stateless. */
public final class DaemonThreads {
    private static final int IDLE_SECONDS = 5;

    private DaemonThreads() {}

    /**
     * Returns a pool of as many threads as have work at a time; they go when they have had none for 5 s. It takes what
     * comes when it is shut down without a word, and does not do it: by then nobody waits for that.
     *
     * @param name what the threads' names begin with; a number follows, from 1 on
     * @return the pool; whoever asked for it shuts it down
     */
    public static ExecutorService pool(String name) {
        Given.value(name, "name");
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }
}
