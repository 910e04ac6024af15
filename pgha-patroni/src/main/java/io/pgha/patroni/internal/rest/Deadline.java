package io.pgha.patroni.internal.rest;

import java.time.Duration;

/** A moment after which there is no more waiting, on the monotonic clock. Immutable. */
public record Deadline(long startedNanos, Duration length) {

    public static Deadline in(Duration length) {
        return new Deadline(System.nanoTime(), length);
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    public Duration remaining() {
        Duration left = length.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean passed() {
        return remaining().isZero();
    }

    /** Returns the earlier of this deadline and one that starts now. */
    public Deadline atMost(Duration other) {
        return remaining().compareTo(other) < 0 ? this : in(other);
    }
}
