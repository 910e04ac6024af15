package io.pgha.proxy;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.FileResource;
import io.pgha.secret.Secret;
import io.pgha.spi.Component;
import io.pgha.spi.Resource;
import io.pgha.testing.FixedContext;
import java.util.List;
import java.util.function.Function;

/** Clusters with proxies, and what is declared for them. */
final class Proxies {
    private Proxies() {}

    static ClusterConfig.Builder six() {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("postgres-01", "192.168.60.103", ETCD, POSTGRES)
                        .node("postgres-02", "192.168.60.104", ETCD, POSTGRES)
                        .node("postgres-03", "192.168.60.105", ETCD, POSTGRES)
                        .node("haproxy-01", "192.168.60.100", HAPROXY)
                        .node("haproxy-02", "192.168.60.101", HAPROXY)
                        .node("haproxy-03", "192.168.60.102", HAPROXY)
                        .vip("192.168.60.110/24")
                        .vip("192.168.60.111/24"));
    }

    /** One virtual IP that the network routes, one of a network that the nodes are in with another interface. */
    static ClusterConfig.Builder named() {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("pg", "192.168.60.103", ETCD, POSTGRES)
                        .node("lb1", "192.168.60.100", HAPROXY)
                        .node("lb2", "192.168.60.101", HAPROXY)
                        .vip(v -> v.cidr("10.0.0.10/32").networkInterface("eth0"))
                        .vip(v -> v.cidr("203.0.113.11/24").networkInterface("eth1")));
    }

    static ClusterConfig.Builder v6() {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("pg", "fd00:60::103", ETCD, POSTGRES)
                        .node("lb1", "fd00:60::100", HAPROXY)
                        .node("lb2", "fd00:60::101", HAPROXY)
                        .vip("fd00:60::110/64"));
    }

    static FixedContext context(ClusterConfig.Builder config) {
        return context(config, node -> FixedContext.healthy(node).build());
    }

    static FixedContext context(ClusterConfig.Builder config, Function<Node, HostFacts> facts) {
        FixedContext context = FixedContext.of(config.build(), facts);
        context.secrets().obtain(HaproxyFile.STATS_SECRET, () -> Secret.of("a stats password"));
        context.secrets().obtain(KeepalivedFile.AUTH_SECRET, () -> Secret.of("vrrpPass"));
        return context;
    }

    static List<Resource> lane(Component component, FixedContext context, int stage, String node) {
        return component.stages(context).get(stage).lanes().get(context.config().node(node));
    }

    static FileResource file(Component component, FixedContext context, String node, String path) {
        return lane(component, context, 0, node).stream()
                .filter(resource -> resource.id().equals("file:" + path))
                .map(FileResource.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
