package io.pgha.run;

import io.pgha.Problem;
import io.pgha.text.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of a run. Immutable.
 *
 * @param cluster the cluster's name
 * @param outcome how it ended
 * @param started when it began
 * @param took how long it took
 * @param steps how many steps the plan had
 * @param done the steps that were done and verified, in the order in which they ended
 * @param problems what went wrong; empty where all went well
 * @param overridden why the service was interrupted while maintenance was closed; empty where it was not
 */
public record RunReport(
        String cluster,
        Outcome outcome,
        Instant started,
        Duration took,
        int steps,
        List<StepRef> done,
        List<Problem> problems,
        Optional<String> overridden) {

    /** Names how a run ended. */
    public enum Outcome {
        /** Every step is done and verified. */
        DONE,
        /** A step failed; what was done stays, and the next plan goes on from there. */
        FAILED,
        /** It was cancelled between two steps; the next plan goes on from there. */
        CANCELLED
    }

    @Override
    public String toString() {
        String text = cluster + ": " + outcome.name().toLowerCase(java.util.Locale.ROOT) + ", " + done.size() + " of "
                + Count.of(steps, "step") + " in "
                + String.format(java.util.Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
        text += overridden
                .map(reason -> "\nMaintenance was closed; overridden: " + reason)
                .orElse("");
        text += outcome == Outcome.CANCELLED
                ? "\nWhat is done stays done, and nothing is half-done. To go on, plan and apply again."
                : "";
        return problems.isEmpty()
                ? text
                : text + "\n"
                        + String.join(
                                "\n", problems.stream().map(Problem::toString).toList());
    }
}
