package io.pgha.examples.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Goes on after a failure and reports all of them at the end. Confined to one thread. */
final class Failures {
    private final List<RuntimeException> all = new ArrayList<>();

    /** Does one of several things that are independent of each other. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    void collect(Action action) throws InterruptedException {
        try {
            action.run();
        } catch (LabException e) {
            all.add(e);
        }
    }

    /** Throws the first failure with the others attached, if there was one. */
    void throwIfAny() {
        if (!all.isEmpty()) {
            RuntimeException first = all.get(0);
            all.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Returns what went wrong on another thread, to be thrown on this one. */
    static RuntimeException unchecked(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked
                ? unchecked
                : new LabException("lab.internal", "the lab failed: " + cause, "report this as a defect", failure);
    }
}
