package io.pgha.model;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Ip;
import io.pgha.model.internal.text.Texts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the virtual IPs: addresses, subnets, and the ids that tell them apart on the wire. */
final class VipRules {
    /** What the kernel takes, and keepalived without quotes, of which it has none. */
    private static final Pattern INTERFACE = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9_.-]{1,15}");

    private final Topology topology;
    private final Problems problems;
    private final Map<Ip, Vip> byAddress = new HashMap<>();
    private final Map<Integer, Vip> byRouterId = new HashMap<>();

    VipRules(Topology topology, Problems problems) {
        this.topology = topology;
        this.problems = problems;
    }

    void check() {
        if (!topology.vips().isEmpty() && topology.nodes(NodeRole.HAPROXY).isEmpty()) {
            problems.add(
                    "vip-without-haproxy",
                    "The virtual IP " + topology.vips().get(0).cidr()
                            + " has no node to stand on: none has the role HAPROXY",
                    "Give the role HAPROXY to at least two nodes of its subnet, or remove the virtual IP.");
        }
        for (Vip vip : topology.vips()) {
            Optional<Ip> ip = Ip.parse(vip.address());
            if (ip.isPresent() && ip.get().isHost()) {
                address(vip, ip.get());
                routerId(vip);
                networkInterface(vip);
            } else {
                problems.add(
                        "vip-address",
                        "The virtual IP " + Texts.quote(vip.address()) + " is not an IP address",
                        "Write address/prefix, for example 192.168.60.110/24.");
            }
        }
    }

    private void address(Vip vip, Ip ip) {
        if (byAddress.putIfAbsent(ip, vip) != null) {
            problems.add(
                    "vip-duplicate", "The virtual IP " + vip.address() + " is given twice", "Remove one of the two.");
        }
        if (ip.isOfEveryMachine() && !TopologyRules.allOnOneMachine(topology)) {
            problems.add(
                    "vip-address",
                    "The virtual IP " + vip.cidr()
                            + " is an address that every machine has for itself, so that no client" + " reaches it",
                    "Choose a free address of the network that the clients are in.");
        }
        for (Node node : topology.nodes()) {
            if (Ip.parse(node.address()).filter(ip::equals).isPresent()) {
                problems.on(
                        node.name(),
                        "vip-is-node",
                        "the virtual IP " + vip.cidr() + " is the node's own address",
                        "Choose an address for the virtual IP that no machine has.");
            } else if (Ip.parse(node.sshAddress()).filter(ip::equals).isPresent()) {
                problems.on(
                        node.name(),
                        "vip-is-node",
                        "the SSH address is the virtual IP " + vip.cidr() + ", which moves from machine to machine",
                        "Give the address that this machine always has, or leave sshAddress out.");
            }
        }
        int prefix = vip.prefixLength();
        if (prefix < 1 || prefix > ip.bits()) {
            problems.add(
                    "vip-prefix",
                    "The virtual IP " + vip.cidr() + " has no possible prefix length: it must be 1 to " + ip.bits(),
                    "Write the prefix length of its subnet, for example " + vip.address()
                            + (ip.bits() == 32 ? "/24" : "/64") + ".");
            return;
        }
        subnet(vip, ip);
    }

    private void subnet(Vip vip, Ip ip) {
        int prefix = vip.prefixLength();
        boolean reserved = ip.isNetwork(prefix) || (ip.bits() == 32 && ip.isLast(prefix));
        if (reserved && prefix < ip.bits() - 1) {
            problems.add(
                    "vip-address",
                    "The virtual IP " + vip.cidr()
                            + " is the first or last address of its subnet, which no machine can have",
                    "Choose a free address inside the subnet.");
        }
        List<Node> outside = topology.nodes(NodeRole.HAPROXY).stream()
                .filter(node -> Ip.parse(node.address())
                        .filter(it ->
                                vip.networkInterface().isPresent() ? !it.sameFamily(ip) : !it.sameSubnet(ip, prefix))
                        .isPresent())
                .toList();
        for (Node node : outside) {
            problems.on(
                    node.name(),
                    "vip-subnet",
                    "the node's address " + node.address() + " is outside the subnet of the virtual IP " + vip.cidr(),
                    wayOut(vip, ip, node));
        }
    }

    private static String wayOut(Vip vip, Ip ip, Node node) {
        boolean sameFamily =
                Ip.parse(node.address()).filter(it -> it.sameFamily(ip)).isPresent();
        return sameFamily
                ? "Correct the prefix length or the address of the virtual IP: every HAProxy node must be in its subnet. Or, where"
                        + " that is meant, name the interface that carries it on every HAProxy node: vip(v -> v.cidr(\""
                        + vip.cidr() + "\").networkInterface(\"eth0\")), in YAML {address: " + vip.address()
                        + ", prefix_length: " + vip.prefixLength() + ", network_interface: eth0}."
                : "Choose a virtual IP of the family that the nodes' addresses have: keepalived cannot carry another.";
    }

    private void networkInterface(Vip vip) {
        vip.networkInterface()
                .filter(name -> !INTERFACE.matcher(name).matches())
                .ifPresent(
                        name -> problems.add(
                                "vip-interface",
                                "The virtual IP " + vip.cidr() + " names the network interface " + Texts.quote(name)
                                        + ", which cannot be one's name",
                                "Write it as ip link prints it, without what stands behind @: at most 15 letters, digits and _ . -"));
    }

    private void routerId(Vip vip) {
        int id = vip.virtualRouterId();
        if (id < 1 || id > 255) {
            problems.add(
                    "vip-router-id",
                    "The virtual IP " + vip.cidr() + " has the virtual router id " + id + "; VRRP takes 1 to 255",
                    "Set virtualRouterId to a number from 1 to 255 that nothing else on the network uses.");
            return;
        }
        Vip other = byRouterId.putIfAbsent(id, vip);
        if (other != null) {
            problems.add(
                    "vip-router-id-duplicate",
                    "The virtual IPs " + other.cidr() + " and " + vip.cidr() + " both have the virtual router id " + id,
                    "Set virtualRouterId of one of them to another number from 1 to 255.");
        }
    }
}
