package io.pgha.plan;

import io.pgha.model.Node;
import java.util.List;

/**
 * The steps of one node in one stage, in order. Immutable.
 *
 * @param node the node
 * @param steps what would be changed; not empty
 */
public record Lane(Node node, List<Step> steps) {
    @Override
    public String toString() {
        return node.name() + ": " + steps.size() + (steps.size() == 1 ? " step" : " steps");
    }
}
