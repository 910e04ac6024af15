package io.pgha.patroni.internal.operation;

import io.pgha.patroni.view.ParameterChange;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The parameters of which a standby needs at least as much as its primary, and which way they are about to change. Immutable.
 *
 * @param growing those whose new value is larger
 * @param shrinking those whose new value is smaller
 */
public record SharedLimits(List<String> growing, List<String> shrinking) {
    private static final List<String> NAMES = List.of(
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_wal_senders",
            "max_worker_processes");

    public static SharedLimits of(Map<String, ParameterChange> changes) {
        TreeSet<String> growing = new TreeSet<>();
        TreeSet<String> shrinking = new TreeSet<>();
        for (String name : NAMES) {
            ParameterChange change = changes.get(name);
            if (change != null && number(change.oldValue()) && number(change.newValue())) {
                int direction = Long.compare(Long.parseLong(change.newValue()), Long.parseLong(change.oldValue()));
                if (direction != 0) {
                    (direction > 0 ? growing : shrinking).add(name);
                }
            }
        }
        return new SharedLimits(List.copyOf(growing), List.copyOf(shrinking));
    }

    /** Returns whether the leader must have its new limits before any replica can. */
    boolean leaderFirst() {
        return !shrinking.isEmpty() && growing.isEmpty();
    }

    private static boolean number(String text) {
        return text.matches("\\d{1,9}");
    }
}
