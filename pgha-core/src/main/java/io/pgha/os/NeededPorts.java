package io.pgha.os;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.spi.PreflightRule;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The TCP ports that a node's roles listen on. */
final class NeededPorts {
    private static final Pattern PROCESS = Pattern.compile("users:\\(\\(\"([^\"]*)\"");
    private static final int LOCAL_ADDRESS = 3;

    private NeededPorts() {}

    static Map<Integer, String> of(ClusterConfig config, Node node) {
        Map<Integer, String> ports = new TreeMap<>();
        if (node.has(NodeRole.ETCD)) {
            ports.put(config.etcd().clientPort(), "etcd's clients");
            ports.put(config.etcd().peerPort(), "etcd's members");
        }
        if (node.has(NodeRole.POSTGRES)) {
            ports.put(config.postgres().port(), "PostgreSQL");
            ports.put(config.patroni().restPort(), "Patroni's REST API");
        }
        if (node.has(NodeRole.HAPROXY)) {
            ports.put(config.haproxy().readWritePort(), "HAProxy, to the leader");
            ports.put(config.haproxy().readOnlyPort(), "HAProxy, to replicas");
            ports.put(config.haproxy().syncPort(), "HAProxy, to synchronous replicas");
            ports.put(config.haproxy().asyncPort(), "HAProxy, to asynchronous replicas");
            ports.put(config.haproxy().statsPort(), "HAProxy's statistics");
        }
        return ports;
    }

    static PreflightRule rule(ClusterConfig config, Node node) {
        Map<Integer, String> needed = of(config, node);
        return Claim.unclaimed(node, "ports", "ss -Hltnp", answer -> judge(node, needed, answer));
    }

    private static Optional<Problem> judge(Node node, Map<Integer, String> needed, String answer) {
        Map<Integer, String> taken = new TreeMap<>();
        answer.lines().forEach(line -> {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length > LOCAL_ADDRESS) {
                port(words[LOCAL_ADDRESS])
                        .filter(needed::containsKey)
                        .ifPresent(port -> taken.put(port, process(line)));
            }
        });
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        String list = taken.entrySet().stream()
                .map(entry ->
                        entry.getKey() + " (needed for " + needed.get(entry.getKey()) + ") by " + entry.getValue())
                .collect(Collectors.joining(", "));
        String processes = taken.values().stream().distinct().collect(Collectors.joining(", "));
        return Optional.of(Problem.on(
                node.name(),
                "preflight.port-taken",
                "TCP ports are taken: " + list,
                "Stop and disable " + processes + " on " + node.name() + ", or give the cluster other ports."));
    }

    private static Optional<Integer> port(String address) {
        String text = address.substring(address.lastIndexOf(':') + 1);
        return text.matches("[0-9]{1,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private static String process(String line) {
        Matcher matcher = PROCESS.matcher(line);
        return matcher.find() ? matcher.group(1) : "an unknown process";
    }
}
