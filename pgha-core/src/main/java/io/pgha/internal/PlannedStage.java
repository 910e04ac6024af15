package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Lane;
import io.pgha.plan.Stage;
import io.pgha.spi.StageSpec;
import java.util.List;
import java.util.Map;

/** A stage with what it takes to do it; only the nodes with steps. */
record PlannedStage(StageSpec spec, Map<Node, List<PlannedStep>> lanes) {

    Stage view() {
        return new Stage(
                spec.phase(),
                spec.title(),
                spec.policy().title(),
                lanes.entrySet().stream()
                        .map(lane -> new Lane(
                                lane.getKey(),
                                lane.getValue().stream().map(PlannedStep::step).toList()))
                        .toList());
    }

    int steps() {
        return lanes.values().stream().mapToInt(List::size).sum();
    }
}
