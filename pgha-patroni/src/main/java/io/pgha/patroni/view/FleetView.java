package io.pgha.patroni.view;

import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.text.Text;
import java.util.Optional;

/**
 * What came of looking at one cluster of a fleet. Immutable.
 *
 * @param cluster the name that the fleet knows it by
 * @param view the cluster, where a member answered
 * @param failure why there is no view, where none did
 */
public record FleetView(String cluster, Optional<ClusterView> view, Optional<PatroniException> failure) {
    @Override
    public String toString() {
        return Text.printable(cluster) + ": "
                + view.map(ClusterTable::summary)
                        .orElseGet(
                                () -> failure.map(e -> Text.excerpt(e.problem().message()))
                                        .orElse("not seen"));
    }
}
