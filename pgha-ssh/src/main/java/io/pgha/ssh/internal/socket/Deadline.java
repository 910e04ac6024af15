package io.pgha.ssh.internal.socket;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in time after which waiting ends. */
public final class Deadline {
    private final Duration limit;
    private final long nanos;
    private final long start = System.nanoTime();

    private Deadline(Duration limit, long nanos) {
        this.limit = limit;
        this.nanos = nanos;
    }

    public static Deadline after(Duration limit) {
        return new Deadline(limit, nanos(limit));
    }

    /** Returns a deadline that passes when this one does, or earlier after the limit. */
    public Deadline within(Duration shorter) {
        Duration asked = shorter.compareTo(limit) < 0 ? shorter : limit;
        return new Deadline(asked, Math.min(nanos(shorter), remainingNanos()));
    }

    /** Returns the time that was given in all; for messages. */
    public Duration limit() {
        return limit;
    }

    /** Returns the time that is left, zero when the deadline has passed. */
    public long remainingNanos() {
        return Math.max(0, nanos - (System.nanoTime() - start));
    }

    /** Returns the same, at least 1 where there is any: APIs take 0 for "for ever". */
    public int remainingMillis() {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(remainingNanos() + 999_999));
    }

    public boolean passed() {
        return remainingNanos() == 0;
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** Returns a duration in words for a message, such as "10 s" or "1500 ms". */
    public static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
