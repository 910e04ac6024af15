package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.text.DurationText;
import java.io.Serializable;
import java.time.Duration;

/**
 * How an operation ended on one member. Immutable.
 *
 * @param member the member's name
 * @param outcome how it ended
 * @param explanation why, in a few words; often Patroni's own
 * @param duration how long it took, as this client saw it
 */
public record MemberResult(String member, MemberOutcome outcome, String explanation, Duration duration)
        implements Serializable {

    /**
     * Returns whether nothing is left to do or to find out.
     *
     * @return true where it was done, is scheduled, or needed not be done
     */
    public boolean well() {
        return outcome == MemberOutcome.DONE || outcome == MemberOutcome.SCHEDULED || outcome == MemberOutcome.SKIPPED;
    }

    /** Returns one line, for example {@code pg2: done in 2.1 s (restarted successfully)}. */
    @Override
    public String toString() {
        String what = switch (outcome) {
            case DONE -> "done" + (duration.isZero() ? "" : " in " + DurationText.of(duration));
            case SCHEDULED -> "scheduled";
            case SKIPPED -> "nothing to do";
            case FAILED -> "not done";
            case UNKNOWN -> "unknown";
            case NOT_ASKED -> "not asked";
        };
        return Text.printable(member) + ": " + what + (explanation.isEmpty() ? "" : " (" + explanation + ")");
    }
}
