package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.spi.Resource;
import java.util.Map;

/**
 * What the hosts have answered. Immutable.
 *
 * @param byNode observations by probe id, by node
 */
record Answers(Map<Node, Map<String, String>> byNode) {

    /** What the first node says that tells of a resource; where none does, the first one's silence. */
    String of(Map<Node, Resource> views) {
        Map.Entry<Node, Resource> view = telling(views);
        return at(view.getKey(), view.getValue());
    }

    /** Whom to turn to for a resource that several nodes see. */
    Node teller(Map<Node, Resource> views) {
        return telling(views).getKey();
    }

    private Map.Entry<Node, Resource> telling(Map<Node, Resource> views) {
        return views.entrySet().stream()
                .filter(view -> view.getValue().told(at(view.getKey(), view.getValue())))
                .findFirst()
                .orElseGet(() -> views.entrySet().iterator().next());
    }

    private String at(Node node, Resource resource) {
        return byNode.getOrDefault(node, Map.of())
                .getOrDefault(resource.id(), resource.probe().bare());
    }
}
