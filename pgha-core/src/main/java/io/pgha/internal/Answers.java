package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.spi.Resource;
import java.util.List;
import java.util.Map;

/**
 * What the hosts have answered. Immutable.
 *
 * @param byNode observations by probe id, by node
 */
record Answers(Map<Node, Map<String, String>> byNode) {

    /** What the first node says that tells of a resource; where none does, the first one's silence counts. */
    String of(List<Node> nodes, Resource resource) {
        return nodes.stream()
                .map(node -> at(node, resource))
                .filter(resource::told)
                .findFirst()
                .orElseGet(() -> at(nodes.get(0), resource));
    }

    /** Whom to turn to for a resource of the cluster. */
    Node teller(List<Node> nodes, Resource resource) {
        return nodes.stream()
                .filter(node -> resource.told(at(node, resource)))
                .findFirst()
                .orElseGet(() -> nodes.get(0));
    }

    private String at(Node node, Resource resource) {
        return byNode.getOrDefault(node, Map.of())
                .getOrDefault(resource.id(), resource.probe().bare());
    }
}
