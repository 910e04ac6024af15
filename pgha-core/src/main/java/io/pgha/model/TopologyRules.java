package io.pgha.model;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Ip;
import io.pgha.model.internal.text.Texts;
import io.pgha.model.patroni.MemberTags;
import io.pgha.net.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the machines: names, addresses, roles, tags, and how many there are of each kind. */
final class TopologyRules {
    private static final Set<Integer> QUORATE = Set.of(1, 3, 5);
    /** What Debian's /etc/hosts has for the machine itself. */
    private static final Set<String> ITSELF =
            Set.of("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback");
    // Certificates take 64 characters as a common name, PostgreSQL 63 as the name of a replication slot.
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_HOST = 253;

    private final Topology topology;
    private final Problems problems;
    private final Map<String, Node> bySlotName = new HashMap<>();
    private final Map<Ip, Node> byAddress = new HashMap<>();
    private final Map<HostPort, Node> bySsh = new HashMap<>();

    TopologyRules(Topology topology, Problems problems) {
        this.topology = topology;
        this.problems = problems;
    }

    void check() {
        for (Node node : topology.nodes()) {
            name(node);
            address(node);
            roles(node);
            ssh(node);
            new TagRules(topology, node, problems).check();
        }
        oneFamily();
        counts();
    }

    private void name(Node node) {
        String name = node.name();
        if (!Texts.hostName(name, LONGEST_NAME)) {
            problems.on(
                    Texts.quote(name),
                    "node-name",
                    "the node's name is not a host name of at most " + LONGEST_NAME + " letters, digits, - and .",
                    "Rename it, for example postgres-01.");
            return;
        }
        if (ITSELF.contains(name.toLowerCase(Locale.ROOT))) {
            problems.on(
                    Texts.quote(name),
                    "node-name",
                    "every machine calls itself by the node's name",
                    "Rename it, for example postgres-01.");
        }
        Node other = bySlotName.putIfAbsent(slotName(name), node);
        if (other == null) {
            return;
        }
        if (other.name().equalsIgnoreCase(name)) {
            problems.on(
                    name,
                    "node-name-duplicate",
                    "the name is given to two nodes, " + other.name() + " at " + other.address() + " and " + name
                            + " at " + node.address(),
                    "Rename one of them; upper and lower case do not tell two names apart.");
        } else {
            problems.on(
                    name,
                    "node-name-slot-clash",
                    "Patroni would give " + other.name() + " and " + name + " the same replication slot, "
                            + slotName(name),
                    "Rename one of them so that they differ in more than . and -.");
        }
    }

    private void address(Node node) {
        Optional<Ip> ip = Ip.parse(node.address());
        if (ip.isEmpty() || !ip.get().isHost()) {
            problems.on(
                    node.name(),
                    "node-address",
                    Texts.quote(node.address()) + " is not the IP address of one machine",
                    "Give the node's IPv4 or IPv6 address, for example 192.168.60.103; names go into sshAddress.");
            return;
        }
        if (ip.get().isOfEveryMachine() && !allOnOneMachine(topology)) {
            problems.on(
                    node.name(),
                    "node-address-loopback",
                    "every machine has " + node.address() + " for itself, so that no other node reaches this one there",
                    "Give the address at which the other nodes reach it; the one that this program connects to goes into"
                            + " sshAddress.");
        }
        Node other = byAddress.putIfAbsent(ip.get(), node);
        if (other != null) {
            problems.on(
                    node.name(),
                    "node-address-duplicate",
                    "the address " + node.address() + " already belongs to " + other.name(),
                    "Correct one of the two; a machine with several roles is one node with several roles.");
        }
    }

    private void roles(Node node) {
        if (node.roles().isEmpty()) {
            problems.on(
                    node.name(),
                    "node-roles",
                    "the node has no role, so nothing would run on it",
                    "Give it ETCD, POSTGRES or HAPROXY, or leave it out.");
        }
    }

    private void ssh(Node node) {
        String host = node.sshAddress();
        if (!host.equals(node.address()) && Ip.parse(host).isEmpty() && !Texts.hostName(host, LONGEST_HOST)) {
            problems.on(
                    node.name(),
                    "node-ssh-address",
                    "the SSH address " + Texts.quote(host) + " is neither an IP address nor a host name",
                    "Correct sshAddress, or leave it out to use " + node.address() + ".");
        }
        if (!PortRules.valid(node.sshPort())) {
            problems.on(
                    node.name(),
                    "port-range",
                    "sshPort is " + node.sshPort() + "; a TCP port is 1 to 65535",
                    "Correct sshPort, or leave it out to use 22.");
        }
        Node other = bySsh.putIfAbsent(new HostPort(host.toLowerCase(Locale.ROOT), node.sshPort()), node);
        if (other != null && !other.address().equals(node.address())) {
            problems.on(
                    node.name(),
                    "node-ssh-duplicate",
                    "the node and " + other.name() + " are both reached at " + host + ", port " + node.sshPort()
                            + ", which is one machine",
                    "Correct sshAddress or sshPort of one of the two.");
        }
    }

    private void oneFamily() {
        List<Node> v4 = withBits(32);
        List<Node> v6 = withBits(128);
        if (!v4.isEmpty() && !v6.isEmpty()) {
            problems.add(
                    "address-family",
                    "Every node must reach every other one at its address, and there are IPv4 addresses (" + names(v4)
                            + ") and IPv6 addresses (" + names(v6) + ")",
                    "Give all nodes addresses of one family.");
        }
    }

    private List<Node> withBits(int bits) {
        return topology.nodes().stream()
                .filter(node -> Ip.parse(node.address())
                        .filter(ip -> ip.isHost() && ip.bits() == bits)
                        .isPresent())
                .toList();
    }

    private void counts() {
        int members = topology.nodes(NodeRole.ETCD).size();
        if (!QUORATE.contains(members)) {
            problems.add(
                    "etcd-members",
                    "The topology has " + members + " etcd members" + names(NodeRole.ETCD) + "; " + whyNot(members),
                    "Give the role ETCD to 1, 3 or 5 nodes.");
        }
        if (topology.nodes(NodeRole.POSTGRES).isEmpty()) {
            problems.add(
                    "no-postgres",
                    "No node of the topology has the role POSTGRES",
                    "Give the role POSTGRES to at least one node, better three.");
        } else if (topology.nodes(NodeRole.POSTGRES).stream()
                .allMatch(node -> MemberTags.barring(node.tags()).isPresent())) {
            problems.add(
                    "no-leader",
                    "Every PostgreSQL node has a tag that keeps it from leading, nofailover or a failover_priority of 0",
                    "Let at least one of them lead, better two.");
        }
    }

    private static String whyNot(int members) {
        if (members == 0) {
            return "Patroni keeps its state there";
        }
        if (members % 2 == 0) {
            return "its quorum is " + (members / 2 + 1) + ", so it survives no more failures than "
                    + (members == 2 ? "1 member does" : (members - 1) + " members do")
                    + ", and two halves of a split network both stop";
        }
        return "every write waits for a quorum of " + (members / 2 + 1) + ", and more than 5 only make it slower";
    }

    private String names(NodeRole role) {
        List<Node> nodes = topology.nodes(role);
        return nodes.isEmpty() ? "" : " (" + names(nodes) + ")";
    }

    private static String names(List<Node> nodes) {
        return String.join(", ", nodes.stream().map(Node::name).toList());
    }

    /** Folds a member's name as Patroni does for its replication slot. */
    private static String slotName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    /**
     * Tells whether all nodes are at addresses that their machine has for itself, as a rehearsal on one machine has
     * them.
     */
    static boolean allOnOneMachine(Topology topology) {
        return topology.nodes().stream()
                .allMatch(node ->
                        Ip.parse(node.address()).filter(Ip::isOfEveryMachine).isPresent());
    }
}
