package io.pgha.patroni.internal.replication;

import io.pgha.patroni.internal.text.Text;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A replica weighed as a new leader.
 *
 * @param name the member
 * @param objection what speaks against it, if anything
 * @param lag bytes behind the leader
 * @param synchronous whether commits wait for it
 * @param priority its {@code failover_priority}
 */
public record Candidate(String name, Optional<String> objection, long lag, boolean synchronous, int priority) {
    private static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::synchronous)
            .reversed()
            .thenComparingLong(Candidate::lag)
            .thenComparing(Comparator.comparingInt(Candidate::priority).reversed())
            .thenComparing(Candidate::name);

    public static Optional<Candidate> best(List<Candidate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.objection().isEmpty())
                .min(BEST_FIRST);
    }

    /** Returns what speaks for or against it, in a few words. */
    public String verdict() {
        return objection.orElse("streaming, " + Text.bytes(lag) + " behind" + (synchronous ? ", synchronous" : ""));
    }
}
