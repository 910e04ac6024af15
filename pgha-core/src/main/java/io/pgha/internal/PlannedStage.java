package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Lane;
import io.pgha.plan.Stage;
import io.pgha.spi.StageSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A stage with what it takes to do it.
 *
 * @param spec as it was declared
 * @param cluster the steps of the cluster as a whole
 * @param lanes the steps of the nodes; only nodes with steps
 */
record PlannedStage(StageSpec spec, List<PlannedStep> cluster, Map<Node, List<PlannedStep>> lanes) {

    boolean isEmpty() {
        return cluster.isEmpty() && lanes.isEmpty();
    }

    /** All steps, in the order in which they begin. */
    Stream<PlannedStep> steps() {
        return Stream.concat(cluster.stream(), lanes.values().stream().flatMap(List::stream));
    }

    Stage view() {
        return new Stage(
                spec.phase(),
                spec.title(),
                cluster.isEmpty() ? spec.policy().title() : "once for the cluster",
                Stream.concat(Stream.of(cluster), lanes.values().stream())
                        .filter(steps -> !steps.isEmpty())
                        .map(PlannedStage::lane)
                        .toList());
    }

    private static Lane lane(List<PlannedStep> steps) {
        return new Lane(
                steps.get(0).step().node(),
                steps.stream().map(PlannedStep::step).toList());
    }
}
