package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import java.util.List;
import java.util.Optional;

/**
 * What came of a removal from the DCS. Immutable.
 *
 * @param cluster the cluster's name
 * @param keys how many keys were removed; 0 where there was none
 * @param running the members that ran, which write the keys back
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record RemoveResult(String cluster, int keys, List<String> running, Optional<String> overridden) {

    /**
     * Copies the list.
     *
     * @param cluster the cluster's name
     * @param keys how many keys were removed
     * @param running the members that ran
     * @param overridden why closed times were not respected
     */
    public RemoveResult {
        running = List.copyOf(running);
    }

    /** Returns one line. */
    @Override
    public String toString() {
        String removed = keys == 0
                ? "The DCS had nothing of " + cluster
                : "The DCS has forgotten " + cluster + " (" + keys + " keys)";
        String back = running.isEmpty() ? "" : "; running members write their keys back: " + running;
        return Text.printable(removed
                + back
                + overridden
                        .map(reason -> ". Maintenance was closed, overridden: " + reason)
                        .orElse(""));
    }
}
