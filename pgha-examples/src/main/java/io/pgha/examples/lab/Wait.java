package io.pgha.examples.lab;

import io.pgha.net.Deadline;
import java.time.Duration;

/** Waits for a condition of the machine that nothing announces. */
final class Wait {
    private Wait() {}

    /** Asks a question that may need the machine. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Asks again and again until the answer is yes; returns whether it became yes within the limit. */
    static boolean until(Duration limit, Duration pause, Condition condition) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (!condition.holds()) {
            if (deadline.passed()) {
                return false;
            }
            Thread.sleep(pause.toMillis());
        }
        return true;
    }
}
