package io.pgha.plan;

import java.util.List;

/**
 * A part of a plan that ends on every node before the next begins. Immutable.
 *
 * @param phase the phase it belongs to
 * @param title what it is about
 * @param order how the nodes take turns, in words
 * @param lanes who has something to do
 */
public record Stage(Phase phase, String title, String order, List<Lane> lanes) {

    /**
     * Returns the steps of all nodes.
     *
     * @return lane after lane
     */
    public List<Step> steps() {
        return lanes.stream().flatMap(lane -> lane.steps().stream()).toList();
    }

    @Override
    public String toString() {
        int steps = steps().size();
        return phase + "  " + title + ": " + steps + (steps == 1 ? " step in " : " steps in ") + lanes.size()
                + (lanes.size() == 1 ? " lane" : " lanes");
    }
}
