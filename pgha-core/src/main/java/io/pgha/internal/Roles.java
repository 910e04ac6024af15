package io.pgha.internal;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Topology;
import io.pgha.spi.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds the roles of a topology that nothing installed would serve: their nodes would be left without what they are
 * for.
 */
final class Roles {
    private Roles() {}

    static List<Problem> unserved(Topology topology, List<Component> components) {
        List<Problem> problems = new ArrayList<>();
        for (NodeRole role : NodeRole.values()) {
            List<Node> nodes =
                    topology.nodes().stream().filter(node -> node.has(role)).toList();
            if (!nodes.isEmpty()
                    && components.stream()
                            .noneMatch(component -> component.roles().contains(role))) {
                problems.add(problem(role, nodes));
            }
        }
        return problems;
    }

    private static Problem problem(NodeRole role, List<Node> nodes) {
        String names = nodes.stream().map(Node::name).collect(Collectors.joining(", "));
        return Problem.of(
                "pgha.role-unserved",
                "The role " + role + " of " + names + " is served by no installed component",
                "Add .install(" + component(role) + ") to PgHa.builder(), or take the role away from " + names + ".");
    }

    private static String component(NodeRole role) {
        return switch (role) {
            case ETCD -> "Etcd.component()";
            case POSTGRES -> "Patroni.component()";
            case HAPROXY -> "new HaproxyComponent()";
        };
    }
}
