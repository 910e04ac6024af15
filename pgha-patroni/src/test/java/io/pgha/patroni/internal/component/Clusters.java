package io.pgha.patroni.internal.component;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Topology;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.postgres.PostgresConfig;
import java.util.function.UnaryOperator;

/** The clusters of the tests. */
final class Clusters {
    private Clusters() {}

    static ClusterConfig colocated(int members) {
        return colocated(members, "192.168.60.", pg -> pg);
    }

    static ClusterConfig colocated(int members, UnaryOperator<PostgresConfig.Builder> postgres) {
        return colocated(members, "192.168.60.", postgres);
    }

    static ClusterConfig ipv6() {
        return colocated(3, "fd00:60::", pg -> pg);
    }

    static ClusterConfig authenticated() {
        return ClusterConfig.builder()
                .from(colocated(3))
                .etcd(etcd -> etcd.authentication(EtcdAuthentication.ENABLED))
                .build();
    }

    static ClusterConfig dedicated() {
        return ClusterConfig.builder()
                .name("main")
                .topology(t -> t.node("etcd-01", "192.168.60.11", ETCD)
                        .node("etcd-02", "192.168.60.12", ETCD)
                        .node("etcd-03", "192.168.60.13", ETCD)
                        .node("db-01", "192.168.60.101", POSTGRES)
                        .node("db-02", "192.168.60.102", POSTGRES)
                        .node(n -> n.name("db-03")
                                .address("192.168.60.103")
                                .roles(POSTGRES)
                                .tag("nofailover", true)
                                .tag("clonefrom", true))
                        .node("lb-01", "192.168.60.90", HAPROXY)
                        .node("lb-02", "192.168.60.91", HAPROXY)
                        .vip("192.168.60.99/24"))
                .postgres(pg -> pg.parameter("work_mem", "64MB")
                        .parameter("jit", false)
                        .parameter("max_locks_per_transaction", 128)
                        .pgHba("hostssl app app 10.1.0.0/16 scram-sha-256")
                        .clientNetwork("10.0.0.0/8"))
                .build();
    }

    private static ClusterConfig colocated(int members, String prefix, UnaryOperator<PostgresConfig.Builder> postgres) {
        Topology.Builder topology = Topology.builder();
        for (int i = 1; i <= members; i++) {
            topology.node("db-0" + i, prefix + (100 + i), ETCD, POSTGRES);
        }
        return ClusterConfig.builder()
                .name("main")
                .topology(topology.build())
                .postgres(postgres)
                .build();
    }
}
