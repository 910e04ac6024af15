package io.pgha.patroni.operation;

import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of demoting or promoting a whole cluster. Immutable.
 *
 * @param changed whether it was the other way before
 * @param leader the member that leads now; it may be another one than before
 * @param duration how long it took
 * @param explanation what there is to say; may be empty
 * @param view the cluster as it was last seen
 * @param overridden why it was asked for although maintenance was closed; empty where no override was needed
 */
public record StandbyClusterResult(
        boolean changed,
        String leader,
        Duration duration,
        String explanation,
        ClusterView view,
        Optional<String> overridden) {

    /** Returns a line of summary, and what there is to say. */
    @Override
    public String toString() {
        boolean standby = view.leader()
                .filter(one -> one.role() == MemberRole.STANDBY_LEADER)
                .isPresent();
        return Text.printable((standby ? "Demotion: " : "Promotion: ")
                        + (changed ? "" : "nothing to do, ")
                        + leader + " leads a " + (standby ? "standby" : "primary") + " cluster"
                        + (changed ? " after " + DurationText.of(duration) : ""))
                + (explanation.isEmpty() ? "" : "\n" + explanation)
                + overridden.map(Text::overridden).orElse("");
    }
}
