package io.pgha.patroni.operation;

import io.pgha.patroni.view.ClusterView;
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
        Optional<String> overridden) {}
