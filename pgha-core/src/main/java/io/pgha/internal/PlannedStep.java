package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Step;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.util.Map;

/**
 * A step with what it takes to do it.
 *
 * @param views its resource as its node sees it, or each that could tell of what is the cluster's
 */
record PlannedStep(Step step, Map<Node, Resource> views, Observation observation) {

    Resource resource() {
        return views.values().iterator().next();
    }

    /** The step as one of its nodes does it. */
    PlannedStep at(Node node) {
        return new PlannedStep(step, Map.of(node, views.getOrDefault(node, resource())), observation);
    }

    boolean interrupts() {
        return step.impact().interrupts();
    }
}
