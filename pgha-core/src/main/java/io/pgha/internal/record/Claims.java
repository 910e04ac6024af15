package io.pgha.internal.record;

import io.pgha.Problem;
import io.pgha.internal.answer.Answers;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.os.Claim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose the hosts are by their own word. A cluster that got another name in the configuration is told from hosts that
 * are somebody else's, for what is to be done about it is not the same. Immutable and thread-safe.
 *
 * @param members the hosts of this cluster, under whatever name
 * @param told what the claims of the members say
 * @param problems the hosts that are not this cluster's
 */
record Claims(Set<Node> members, Attributes told, List<Problem> problems) {
    static final String HOST_CLAIMED = "preflight.host-claimed";

    private record Owner(String cluster, String node) {
        static Owner parse(String text) {
            return new Owner(value(text, "cluster="), value(text, "node="));
        }

        private static String value(String text, String key) {
            return text.lines()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()))
                    .findFirst()
                    .orElse("");
        }
    }

    static Claims of(ClusterConfig config, Answers answers) {
        List<Node> nodes = config.topology().nodes();
        Map<Node, Owner> owners = new LinkedHashMap<>();
        nodes.forEach(node -> answers.file(node, Claim.resource(config, node).probe())
                .ifPresent(text -> owners.put(node, Owner.parse(text))));
        boolean renamed = renamed(config, owners, nodes.size());
        Set<Node> members = new LinkedHashSet<>();
        Attributes told = Attributes.none();
        List<Problem> problems = new ArrayList<>();
        for (Map.Entry<Node, Owner> entry : owners.entrySet()) {
            Node node = entry.getKey();
            Owner owner = entry.getValue();
            boolean sameCluster = renamed || owner.cluster().equals(config.name());
            if (sameCluster && owner.node().equals(node.name())) {
                members.add(node);
                told = told.and(Attributes.ofTree(Map.of(
                        "name", owner.cluster(), "topology", Map.of("nodes", List.of(Map.of("name", owner.node()))))));
            } else {
                problems.add(foreign(config, node, owner));
            }
        }
        return new Claims(Set.copyOf(members), told, List.copyOf(problems));
    }

    /** More than half of the hosts say with one voice that they are what we want, but for the cluster's name. */
    private static boolean renamed(ClusterConfig config, Map<Node, Owner> owners, int nodes) {
        Set<String> clusters = new LinkedHashSet<>();
        owners.values().forEach(owner -> clusters.add(owner.cluster()));
        return clusters.size() == 1
                && !clusters.contains(config.name())
                && owners.size() * 2 > nodes
                && owners.entrySet().stream()
                        .allMatch(entry ->
                                entry.getValue().node().equals(entry.getKey().name()));
    }

    private static Problem foreign(ClusterConfig config, Node node, Owner owner) {
        return Problem.on(
                node.name(),
                HOST_CLAIMED,
                "The host " + node.sshAddress() + " belongs to another cluster or node: " + Claim.PATH
                        + " says cluster="
                        + owner.cluster() + " node=" + owner.node() + ", the configuration says cluster="
                        + config.name() + " node=" + node.name(),
                "Give node " + node.name() + " the address of another host; or, when what runs on this one is"
                        + " no longer needed, remove it and then /var/lib/pgha.");
    }
}
