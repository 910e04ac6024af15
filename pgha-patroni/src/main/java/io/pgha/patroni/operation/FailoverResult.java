package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.Optional;

/**
 * What a failover did. Immutable.
 *
 * @param outcome how it ended
 * @param from the member that led before, or empty where none did
 * @param to the member that leads now
 * @param duration how long it took from the request until the new leader led; zero where nothing was done
 * @param explanation what came out differently than asked; may be empty
 * @param view the cluster as it was last seen
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record FailoverResult(
        SwitchoverOutcome outcome,
        Optional<String> from,
        String to,
        Duration duration,
        String explanation,
        ClusterView view,
        Optional<String> overridden) {

    /** Returns one line of summary and the explanation. */
    @Override
    public String toString() {
        String what = outcome == SwitchoverOutcome.ALREADY_LEADER
                ? to + " led already"
                : from.orElse("nobody") + " -> " + to + " in " + DurationText.of(duration);
        return Text.printable("Failover: " + what)
                + (explanation.isEmpty() ? "" : "\n" + explanation)
                + overridden.map(Text::overridden).orElse("");
    }
}
