package io.pgha.net;

import io.pgha.Given;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment after which there is no more waiting. It is told by the monotonic clock: that the time of day is set does
 * not move it. Immutable and thread-safe; does no I/O.
 */
public final class Deadline {
    /** For ever, for about 146 years, and still something may be added to it. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final long startedNanos = System.nanoTime();
    private final Duration limit;
    private final long nanos;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.nanos = limit.isNegative() ? 0 : (limit.compareTo(LONGEST) < 0 ? limit : LONGEST).toNanos();
    }

    /**
     * Returns a deadline that is so far away.
     *
     * @param limit how long to wait from now on; with zero or less it has passed already
     * @return the deadline
     */
    public static Deadline in(Duration limit) {
        return new Deadline(Given.value(limit, "limit"));
    }

    /**
     * Returns how far away the deadline was at first; for messages.
     *
     * @return what was given
     */
    public Duration limit() {
        return limit;
    }

    /**
     * Returns how long ago the waiting began.
     *
     * @return the time since this deadline was made
     */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /**
     * Returns how long there is still time.
     *
     * @return zero when the deadline has passed; at most about 146 years, so that its nanoseconds fit into a
     *     {@code long}, and more on top
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - (System.nanoTime() - startedNanos)));
    }

    /**
     * Returns the same for what counts in whole milliseconds and takes none of them for no limit at all.
     *
     * @return the milliseconds, rounded up; 1 when the deadline has passed
     */
    public int remainingMillis() {
        long millis = TimeUnit.NANOSECONDS.toMillis(remaining().toNanos() + 999_999);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis));
    }

    /**
     * Returns whether it is too late.
     *
     * @return whether nothing remains
     */
    public boolean passed() {
        return remaining().isZero();
    }

    /**
     * Returns the earlier of this deadline and one that begins now.
     *
     * @param other how far away the other one is
     * @return this one, or the other
     */
    public Deadline atMost(Duration other) {
        Given.value(other, "other");
        return remaining().compareTo(other) < 0 ? this : in(other);
    }

    @Override
    public String toString() {
        return DurationText.of(remaining()) + " left";
    }
}
