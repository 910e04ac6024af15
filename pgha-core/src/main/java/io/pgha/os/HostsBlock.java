package io.pgha.os;

import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.BlockResource;
import io.pgha.spi.Resource;
import io.pgha.spi.Trace;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The nodes' names in {@code /etc/hosts}, which tell later who belonged to the cluster. Stateless; no I/O. */
final class HostsBlock {
    private static final String PATH = "/etc/hosts";
    private static final String NAME = "hosts";

    private HostsBlock() {}

    static Resource resource(ClusterConfig config) {
        return BlockResource.in(PATH)
                .name(NAME)
                .content(config.topology().nodes().stream()
                        .map(node -> node.address() + " " + node.name() + "\n")
                        .collect(Collectors.joining()))
                .build();
    }

    static Trace trace(Node node) {
        return new Trace(
                node,
                new Probe(
                        "trace:hosts", "sed -n '/^# pgha " + NAME + " begin/,/^# pgha " + NAME + " end/p' " + PATH, ""),
                HostsBlock::facts);
    }

    private static Map<String, Object> facts(String block) {
        List<Map<String, String>> nodes = block.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length == 2)
                .map(words -> Map.of("address", words[0], "name", words[1]))
                .toList();
        return Map.of("topology", Map.of("nodes", nodes));
    }
}
