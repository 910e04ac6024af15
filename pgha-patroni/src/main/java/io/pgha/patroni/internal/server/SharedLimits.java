package io.pgha.patroni.internal.server;

import io.pgha.patroni.view.ParameterChange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The parameters of which a standby needs at least as much as its primary, and which way they are about to change:
 * those that grow must grow on replicas first, and those that shrink on the leader first. Patroni forces the leader's
 * larger value on a replica that starts before it, and says that a restart is still pending; a leader that starts with
 * more than its replicas have stops their replay, and they stop themselves when they are promoted or started. So where
 * some grow and some shrink, replicas go first, then the leader, then the replicas once more. Immutable.
 *
 * @param growing those whose new value is larger
 * @param shrinking those whose new value is smaller
 */
public record SharedLimits(List<String> growing, List<String> shrinking) {
    /** What Patroni gives the server where nobody says otherwise. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "max_connections", "100",
            "max_locks_per_transaction", "64",
            "max_prepared_transactions", "0",
            "max_wal_senders", "10",
            "max_worker_processes", "8");

    public static SharedLimits of(Map<String, ParameterChange> changes) {
        TreeSet<String> growing = new TreeSet<>();
        TreeSet<String> shrinking = new TreeSet<>();
        for (String name : DEFAULTS.keySet()) {
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

    /** Returns whether a parameter, lower case, is one of them. */
    public static boolean isOne(String name) {
        return DEFAULTS.containsKey(name);
    }

    /** Returns all of them with what the server is given where some are asked for. */
    public static Map<String, String> given(Map<String, String> asked) {
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        asked.forEach((name, value) -> all.computeIfPresent(name, (known, otherwise) -> value));
        return all;
    }

    /** Returns whether the leader must have its new limits before any replica can. */
    public boolean leaderFirst() {
        return !shrinking.isEmpty() && growing.isEmpty();
    }

    private static boolean number(String text) {
        return text.matches("\\d{1,9}");
    }
}
