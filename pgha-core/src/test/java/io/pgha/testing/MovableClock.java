package io.pgha.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MovableClock implements InstantSource {
    private volatile Instant now;

    /**
     * Creates a clock.
     *
     * @param now what it shows, for example {@code 2026-11-24T10:00:00Z}
     */
    public MovableClock(String now) {
        this.now = Instant.parse(now);
    }

    /**
     * Moves it.
     *
     * @param instant what it shows from now on
     */
    public void set(String instant) {
        now = Instant.parse(instant);
    }

    /**
     * Moves it on.
     *
     * @param time by how much
     */
    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
