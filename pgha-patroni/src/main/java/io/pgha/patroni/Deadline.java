package io.pgha.patroni;

import java.time.Duration;

/** A moment after which there is no more waiting, on the monotonic clock. Immutable. */
record Deadline(long startedNanos, Duration length) {

    static Deadline in(Duration length) {
        return new Deadline(System.nanoTime(), length);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    Duration remaining() {
        Duration left = length.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean passed() {
        return remaining().isZero();
    }

    /** Returns the earlier of this deadline and one that starts now. */
    Deadline atMost(Duration other) {
        return remaining().compareTo(other) < 0 ? this : in(other);
    }
}
