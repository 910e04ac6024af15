package io.pgha.internal;

import io.pgha.run.RunEvent;
import io.pgha.run.RunListener;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers events in order on one daemon thread, which ends behind the last one. */
final class EventPump {
    private static final Logger LOG = LoggerFactory.getLogger(EventPump.class);

    private final List<RunListener> listeners;
    private final BlockingQueue<RunEvent> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    EventPump(String cluster, List<RunListener> listeners) {
        this.listeners = listeners;
        this.thread = new Thread(this::deliver, "pgha-" + cluster + "-events");
        thread.setDaemon(true);
        thread.start();
    }

    void send(RunEvent event) {
        queue.add(event);
    }

    /** Waits until the last event has been delivered, so that what a caller prints comes behind it; not for ever. */
    void drain() throws InterruptedException {
        if (Thread.currentThread() != thread) {
            thread.join(5_000);
        }
    }

    private void deliver() {
        try {
            RunEvent event;
            do {
                event = queue.take();
                for (RunListener listener : listeners) {
                    tell(listener, event);
                }
            } while (!(event instanceof RunEvent.RunFinished));
        } catch (InterruptedException nobodyElseHasThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(RunListener listener, RunEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn("A run listener failed on {}", event.getClass().getSimpleName(), e);
        }
    }
}
