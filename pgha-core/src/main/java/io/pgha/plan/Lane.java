package io.pgha.plan;

import java.util.List;

/**
 * The steps of one node, or of the cluster as a whole, in one stage, in order. Immutable.
 *
 * @param place the node's name, or the cluster's
 * @param steps what would be changed; not empty
 */
public record Lane(String place, List<Step> steps) {
    @Override
    public String toString() {
        return place + ": " + steps.size() + (steps.size() == 1 ? " step" : " steps");
    }
}
