package io.pgha.patroni.view;

import java.util.List;

/**
 * The promotions that a cluster remembers, oldest first. Immutable; {@code toString} is a line of summary and the table
 * that {@code patronictl history} prints.
 *
 * @param entries one for each timeline that ended
 */
public record ClusterHistory(List<HistoryEntry> entries) {
    /**
     * Copies what it is given.
     *
     * @param entries one for each timeline that ended
     */
    public ClusterHistory {
        entries = List.copyOf(entries);
    }

    @Override
    public String toString() {
        return entries.size() + (entries.size() == 1 ? " promotion" : " promotions") + "\n" + Formats.table(this);
    }
}
