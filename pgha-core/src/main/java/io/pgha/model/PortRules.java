package io.pgha.model;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.proxy.HaproxyConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that every port is one, and that no two daemons of a node want the same. */
final class PortRules {
    private final ClusterConfig config;
    private final Problems problems;

    PortRules(ClusterConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    static boolean valid(int port) {
        return port >= 1 && port <= 65535;
    }

    void check() {
        List<Listener> listeners = listeners();
        listeners.stream().filter(listener -> !valid(listener.port())).forEach(this::outOfRange);
        Map<String, List<String>> clashes = new LinkedHashMap<>();
        for (Node node : config.topology().nodes()) {
            for (String clash : clashes(onNode(node, listeners))) {
                clashes.computeIfAbsent(clash, key -> new ArrayList<>()).add(node.name());
            }
        }
        clashes.forEach(this::clash);
    }

    private List<Listener> listeners() {
        HaproxyConfig haproxy = config.haproxy();
        return List.of(
                new Listener(NodeRole.ETCD, "etcd.clientPort", config.etcd().clientPort()),
                new Listener(NodeRole.ETCD, "etcd.peerPort", config.etcd().peerPort()),
                new Listener(
                        NodeRole.POSTGRES, "postgres.port", config.postgres().port()),
                new Listener(
                        NodeRole.POSTGRES, "patroni.restPort", config.patroni().restPort()),
                new Listener(NodeRole.HAPROXY, "haproxy.readWritePort", haproxy.readWritePort()),
                new Listener(NodeRole.HAPROXY, "haproxy.readOnlyPort", haproxy.readOnlyPort()),
                new Listener(NodeRole.HAPROXY, "haproxy.syncPort", haproxy.syncPort()),
                new Listener(NodeRole.HAPROXY, "haproxy.asyncPort", haproxy.asyncPort()),
                new Listener(NodeRole.HAPROXY, "haproxy.statsPort", haproxy.statsPort()));
    }

    private static List<Listener> onNode(Node node, List<Listener> all) {
        List<Listener> result = new ArrayList<>();
        // Behind another SSH address the port may belong to a gateway, not to the node itself.
        if (node.sshAddress().equals(node.address())) {
            result.add(new Listener(EnumSet.allOf(NodeRole.class), "sshPort", node.sshPort()));
        }
        all.stream().filter(listener -> listener.isOn(node)).forEach(result::add);
        return result;
    }

    private static List<String> clashes(List<Listener> listeners) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < listeners.size(); i++) {
            for (Listener later : listeners.subList(i + 1, listeners.size())) {
                Listener earlier = listeners.get(i);
                if (earlier.port() == later.port()) {
                    result.add(earlier.path() + " and " + later.path() + " are both " + later.port());
                }
            }
        }
        return result;
    }

    private void outOfRange(Listener listener) {
        problems.add(
                "port-range",
                listener.path() + " is " + listener.port() + "; a TCP port is 1 to 65535",
                "Correct " + listener.path() + ".");
    }

    private void clash(String clash, List<String> nodes) {
        problems.add(
                "port-clash",
                clash + ", and both listen on " + String.join(", ", nodes),
                "Set one of the two to a free port, or put the roles on different nodes.");
    }

    private record Listener(Set<NodeRole> roles, String path, int port) {
        Listener(NodeRole role, String path, int port) {
            this(EnumSet.of(role), path, port);
        }

        boolean isOn(Node node) {
            return roles.stream().anyMatch(node::has);
        }
    }
}
