package io.pgha.internal;

import java.util.HashSet;
import java.util.Set;

/**
 * The wish that a run stop. Steps that change something are let finish; only threads that are waiting, and have said
 * so, are interrupted.
 */
final class Cancellation {
    private final Set<Thread> waiting = new HashSet<>();
    private boolean requested;
    private boolean stopped;

    /** A wait that may be cut short. */
    interface Wait<T> {
        T get() throws InterruptedException;
    }

    synchronized void request() {
        requested = true;
        waiting.forEach(Thread::interrupt);
    }

    /** After a failure in one lane the others start nothing more, but the run has not been cancelled. */
    synchronized void stopOthers() {
        stopped = true;
        waiting.forEach(Thread::interrupt);
    }

    synchronized boolean requested() {
        return requested;
    }

    synchronized boolean stopping() {
        return requested || stopped;
    }

    <T> T whileInterruptible(Wait<T> wait) throws InterruptedException {
        enter();
        try {
            return wait.get();
        } finally {
            leave();
        }
    }

    private synchronized void enter() throws InterruptedException {
        if (stopping()) {
            throw new InterruptedException("the run is stopping");
        }
        waiting.add(Thread.currentThread());
    }

    /** Clears an interrupt that came too late, so that it hits nothing else. */
    private synchronized void leave() {
        waiting.remove(Thread.currentThread());
        if (stopping()) {
            Thread.interrupted();
        }
    }
}
