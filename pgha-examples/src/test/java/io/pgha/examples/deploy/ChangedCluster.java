package io.pgha.examples.deploy;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Topology;
import io.pgha.model.Vip;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A change that would break a running cluster, and the codes with which it is refused. */
record ChangedCluster(Set<String> codes, ClusterConfig config) {

    static List<ChangedCluster> of(ClusterConfig deployed) {
        int otherVersion = 16;
        return List.of(
                change(
                        "change.vip-removed",
                        deployed,
                        c -> c.topology(nodes(deployed, node -> node).build())),
                attributes(deployed),
                change(
                        "change.postgres-version",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).version(otherVersion))),
                without(deployed, "postgres-02", "postgres-03"),
                without(deployed, "haproxy-03"),
                change(
                        "change.node-address",
                        deployed,
                        c -> c.topology(nodes(
                                        deployed,
                                        node -> node.name().equals("postgres-02")
                                                ? Node.builder()
                                                        .from(node)
                                                        .address(node.address().replaceFirst("[0-9]+$", "99"))
                                                        .sshAddress(node.address())
                                                        .build()
                                                : node)
                                .vips(deployed.topology().vips())
                                .build())),
                change(
                        "change.node-name",
                        deployed,
                        c -> c.topology(nodes(
                                        deployed,
                                        node -> node.name().equals("postgres-02")
                                                ? Node.builder()
                                                        .from(node)
                                                        .name("pg2")
                                                        .build()
                                                : node)
                                .vips(deployed.topology().vips())
                                .build())),
                change(
                        "change.role-removed",
                        deployed,
                        c -> c.topology(nodes(
                                        deployed,
                                        node -> node.name().equals("postgres-03")
                                                        || node.name().equals("postgres-02")
                                                ? Node.builder()
                                                        .from(node)
                                                        .roles(List.of(NodeRole.POSTGRES))
                                                        .build()
                                                : node)
                                .vips(deployed.topology().vips())
                                .build())),
                change("change.cluster-name", deployed, c -> c.name("other")));
    }

    /** What changes no node can be in one model: the plan tells all of it at once. */
    private static ChangedCluster attributes(ClusterConfig deployed) {
        return new ChangedCluster(
                Set.of(
                        "change.vip",
                        "change.namespace",
                        "change.data-directory",
                        "change.port",
                        "change.role-name",
                        "change.initdb"),
                ClusterConfig.builder()
                        .from(deployed)
                        .topology(t -> t.nodes(deployed.topology().nodes())
                                .vips(deployed.topology().vips().stream()
                                        .map(vip -> Vip.builder()
                                                .from(vip)
                                                .virtualRouterId(vip.virtualRouterId() - 1)
                                                .build())
                                        .toList()))
                        .patroni(p ->
                                p.from(deployed.patroni()).namespace("/other").restPort(8009))
                        .postgres(pg -> pg.from(deployed.postgres())
                                .dataDirectory("/var/lib/postgresql/other")
                                .port(5433)
                                .replicationUser("copy")
                                .locale("C"))
                        .etcd(e -> e.from(deployed.etcd()).clientPort(2381))
                        .haproxy(h -> h.from(deployed.haproxy()).readWritePort(6000))
                        .build());
    }

    private static ChangedCluster change(
            String code, ClusterConfig deployed, UnaryOperator<ClusterConfig.Builder> change) {
        return new ChangedCluster(
                Set.of(code),
                change.apply(ClusterConfig.builder().from(deployed)).build());
    }

    private static ChangedCluster without(ClusterConfig deployed, String... names) {
        return change(
                "change.node-removed",
                deployed,
                c -> c.topology(t -> t.nodes(deployed.topology().nodes().stream()
                                .filter(node -> !List.of(names).contains(node.name()))
                                .toList())
                        .vips(deployed.topology().vips())));
    }

    private static Topology.Builder nodes(ClusterConfig deployed, UnaryOperator<Node> change) {
        return Topology.builder()
                .nodes(deployed.topology().nodes().stream().map(change).toList());
    }
}
