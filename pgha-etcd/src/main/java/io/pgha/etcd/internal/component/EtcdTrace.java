package io.pgha.etcd.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.spi.Trace;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads from a member's settings which cluster and ports it was made for. Stateless; no I/O. */
final class EtcdTrace {
    private EtcdTrace() {}

    /** Settings of a member that has no data yet bind nobody. */
    static Trace of(Node node) {
        String file = quote(EtcdLayout.ENVIRONMENT);
        return new Trace(
                node,
                new Probe(
                        "trace:etcd",
                        "grep -qs '^# Written by pgha' " + file + " && [ -d \"$(sed -n 's/^ETCD_DATA_DIR=//p' " + file
                                + " | tr -d \\\"\\')\"/member ] && grep -E"
                                + " '^ETCD_(NAME|INITIAL_CLUSTER_TOKEN|ADVERTISE_CLIENT_URLS|INITIAL_ADVERTISE_PEER_URLS)=' "
                                + file,
                        ""),
                EtcdTrace::facts);
    }

    private static Map<String, Object> facts(String lines) {
        Map<String, String> values = new HashMap<>();
        lines.lines().forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1).replaceAll("^[\"']|[\"']$", ""));
        });
        URI client = URI.create(values.getOrDefault("ETCD_ADVERTISE_CLIENT_URLS", ""));
        URI peer = URI.create(values.getOrDefault("ETCD_INITIAL_ADVERTISE_PEER_URLS", ""));
        return Map.of(
                "name",
                values.getOrDefault("ETCD_INITIAL_CLUSTER_TOKEN", ""),
                "etcd",
                Map.of("client_port", client.getPort(), "peer_port", peer.getPort()),
                "topology",
                Map.of(
                        "nodes",
                        List.of(Map.of("name", values.getOrDefault("ETCD_NAME", ""), "roles", List.of("etcd")))));
    }
}
