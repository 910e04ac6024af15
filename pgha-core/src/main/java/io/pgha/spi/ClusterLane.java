package io.pgha.spi;

import io.pgha.model.Node;
import java.util.List;

/**
 * What belongs to a cluster as a whole and to none of its nodes, for example a configuration that its daemons share. Each node that
 * could tell is asked of itself, all in the plan's one round trip; the first that {@linkplain Resource#told tells} counts. The acts are
 * done at a node that told at that moment. Immutable.
 *
 * @param nodes the nodes that could tell, the preferred ones first; not empty
 * @param resources what the cluster must have, in order; their probes ask no other node than their own
 */
public record ClusterLane(List<Node> nodes, List<Resource> resources) {

    /**
     * Copies the lists.
     *
     * @param nodes the nodes that could tell
     * @param resources what the cluster must have
     * @throws IllegalArgumentException when there is no node
     */
    public ClusterLane {
        nodes = List.copyOf(nodes);
        resources = List.copyOf(resources);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("A cluster without nodes has nobody to ask");
        }
    }
}
