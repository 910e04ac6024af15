package io.pgha.spi;

import io.pgha.model.Node;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What belongs to a cluster as a whole and to none of its nodes, for example a configuration that its daemons share.
 * Each node that could tell is asked, all in the plan's one round trip; the first that {@linkplain Resource#told tells}
 * counts. The acts are done at a node that tells at that moment. Immutable.
 *
 * @param views the resources as each node sees them, which differ at most in how it asks itself, in order; the nodes
 *     that are asked first come first; not empty
 */
public record ClusterLane(Map<Node, List<Resource>> views) {

    /**
     * Copies the views.
     *
     * @param views the resources as each node sees them
     * @throws IllegalArgumentException when there is no node, or the nodes do not see the same resources
     */
    public ClusterLane {
        Map<Node, List<Resource>> copy = new LinkedHashMap<>();
        views.forEach((node, resources) -> copy.put(node, List.copyOf(resources)));
        views = Collections.unmodifiableMap(copy);
        if (views.values().stream().map(ClusterLane::ids).distinct().count() != 1) {
            throw new IllegalArgumentException("The nodes do not see the same resources: " + views);
        }
    }

    private static List<String> ids(List<Resource> resources) {
        return resources.stream().map(Resource::id).toList();
    }

    /**
     * Returns how many resources there are.
     *
     * @return the number
     */
    public int size() {
        return views.values().iterator().next().size();
    }

    /**
     * Returns one resource as each node sees it.
     *
     * @param index its place in the order, from 0
     * @return the resource by node
     */
    public Map<Node, Resource> views(int index) {
        Map<Node, Resource> one = new LinkedHashMap<>();
        views.forEach((node, resources) -> one.put(node, resources.get(index)));
        return Collections.unmodifiableMap(one);
    }
}
