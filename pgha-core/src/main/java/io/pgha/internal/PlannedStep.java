package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Step;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;

/** A step with what it takes to do it. */
record PlannedStep(Step step, Node node, Resource resource, Observation observation) {

    boolean interrupts() {
        return step.impact().interrupts();
    }
}
