package io.pgha.examples.deploy;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.model.Topology;
import io.pgha.model.Vip;
import java.util.List;
import java.util.function.UnaryOperator;

/** A change that would break a running cluster, and the code with which it is refused. */
record ChangedCluster(String code, ClusterConfig config) {

    static List<ChangedCluster> of(ClusterConfig deployed) {
        int otherVersion = 16;
        return List.of(
                change(
                        "change.vip-removed",
                        deployed,
                        c -> c.topology(nodes(deployed, node -> node).build())),
                change(
                        "change.vip",
                        deployed,
                        c -> c.topology(t -> t.nodes(deployed.topology().nodes())
                                .vips(deployed.topology().vips().stream()
                                        .map(vip -> Vip.builder()
                                                .from(vip)
                                                .virtualRouterId(vip.virtualRouterId() - 1)
                                                .build())
                                        .toList()))),
                change(
                        "change.namespace",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).namespace("/other"))),
                change(
                        "change.data-directory",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).dataDirectory("/var/lib/postgresql/other"))),
                change(
                        "change.postgres-version",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).version(otherVersion))),
                change(
                        "change.port",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).port(5433))),
                change(
                        "change.port",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).restPort(8009))),
                change("change.port", deployed, c -> c.etcd(e -> e.clientPort(2381))),
                change("change.port", deployed, c -> c.haproxy(h -> h.readWritePort(6000))),
                change(
                        "change.role-name",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).replicationUser("copy"))),
                change(
                        "change.initdb",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres()).locale("C"))),
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

    private static ChangedCluster change(
            String code, ClusterConfig deployed, UnaryOperator<ClusterConfig.Builder> change) {
        return new ChangedCluster(
                code, change.apply(ClusterConfig.builder().from(deployed)).build());
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
