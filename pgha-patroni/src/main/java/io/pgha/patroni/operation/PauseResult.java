package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import java.util.List;
import java.util.Optional;

/**
 * What came of turning maintenance mode on or off. Immutable.
 *
 * @param changed whether it was the other way before
 * @param recognized the members that were seen to go by it
 * @param silent the members that gave no answer; they learn of it from etcd when they are back
 * @param explanation what there is to say; may be empty
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record PauseResult(
        boolean changed,
        List<String> recognized,
        List<String> silent,
        String explanation,
        Optional<String> overridden) {

    /**
     * Copies the lists.
     *
     * @param changed whether it was the other way before
     * @param recognized the members that were seen to go by it
     * @param silent the members that gave no answer
     * @param explanation what there is to say
     * @param overridden why closed times were not respected
     */
    public PauseResult {
        recognized = List.copyOf(recognized);
        silent = List.copyOf(silent);
    }

    /** Returns a line of summary, and what there is to say. */
    @Override
    public String toString() {
        return Text.printable("Maintenance mode: " + (changed ? "changed" : "nothing to do")
                        + (recognized.isEmpty() ? "" : ", recognized by " + String.join(", ", recognized))
                        + (silent.isEmpty() ? "" : ", no answer from " + String.join(", ", silent)))
                + (explanation.isEmpty() ? "" : "\n" + explanation)
                + overridden.map(Text::overridden).orElse("");
    }
}
