package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Step;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.util.List;

/**
 * A step with what it takes to do it.
 *
 * @param nodes who is asked of it: its node, or those of the cluster that could tell
 */
record PlannedStep(Step step, List<Node> nodes, Resource resource, Observation observation) {

    boolean interrupts() {
        return step.impact().interrupts();
    }
}
