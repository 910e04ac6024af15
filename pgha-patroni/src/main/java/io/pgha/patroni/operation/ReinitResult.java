package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.Optional;

/**
 * What a reinitialization did. Immutable.
 *
 * @param member the member's name
 * @param replicates whether it was seen to replicate again; false where it was not waited for
 * @param duration the time since it was asked
 * @param explanation what there is to say
 * @param view the cluster as it was last seen
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record ReinitResult(
        String member,
        boolean replicates,
        Duration duration,
        String explanation,
        ClusterView view,
        Optional<String> overridden) {

    /** Returns one line of summary and the explanation. */
    @Override
    public String toString() {
        return Text.printable("Reinit: " + member)
                + (replicates ? " replicates after " + DurationText.of(duration) : " has begun") + "\n" + explanation
                + overridden.map(Text::overridden).orElse("");
    }
}
