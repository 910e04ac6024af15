package io.pgha.proxy;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads from {@link HaproxyFile} which listeners and which PostgreSQL nodes it was made for. Stateless; no I/O. */
final class HaproxyTrace {
    private HaproxyTrace() {}

    static Trace of(Node node) {
        return new Trace(
                node,
                new Probe(
                        "trace:haproxy",
                        "grep -qs '^# Written by pgha' " + HaproxyFile.PATH
                                + " && grep -E '^(listen| +bind| +server) ' " + HaproxyFile.PATH,
                        ""),
                lines -> facts(node, lines));
    }

    private static Map<String, Object> facts(Node node, String lines) {
        Map<String, Object> ports = new LinkedHashMap<>();
        List<Map<String, Object>> nodes = new ArrayList<>();
        nodes.add(Map.of("name", node.name(), "roles", List.of(word(NodeRole.HAPROXY))));
        String listener = "";
        for (String line : lines.lines().toList()) {
            String[] words = line.strip().split(" +", -1);
            if (words.length < 2) {
                continue;
            }
            switch (words[0]) {
                case "listen" -> listener = words[1];
                case "bind" -> ports.put(listener + "_port", after(words[1]));
                default -> nodes.add(Map.of("name", words[1], "roles", List.of(word(NodeRole.POSTGRES))));
            }
        }
        return Map.of("haproxy", ports, "topology", Map.of("nodes", nodes));
    }

    private static String after(String bind) {
        return bind.substring(bind.lastIndexOf(':') + 1);
    }

    private static String word(NodeRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
