package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import java.util.OptionalInt;

/**
 * A member's answer to a health check. Immutable.
 *
 * @param member the member's name
 * @param check what was asked
 * @param passes whether the member passes: Patroni answered 200
 * @param status the HTTP status; empty where there is no answer
 * @param explanation role and state as the member says them, or why there is no answer; may be empty, as
 *     {@code /liveness} and {@code /readiness} say nothing
 */
public record HealthResult(String member, HealthCheck check, boolean passes, OptionalInt status, String explanation) {

    /** Returns one line, for example {@code pg2: /replica 200 (replica, running)}. */
    @Override
    public String toString() {
        return Text.printable(member) + ": " + check.path() + " "
                + (status.isPresent() ? String.valueOf(status.getAsInt()) : "no answer")
                + (explanation.isEmpty() ? "" : " (" + explanation + ")");
    }
}
