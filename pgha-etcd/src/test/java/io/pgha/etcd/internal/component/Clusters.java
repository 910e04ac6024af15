package io.pgha.etcd.internal.component;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Topology;
import io.pgha.model.etcd.EtcdAuthentication;

/** The clusters of the tests. */
final class Clusters {
    private Clusters() {}

    static ClusterConfig colocated(int members) {
        return colocated(members, "192.168.60.");
    }

    static ClusterConfig colocated(int members, String prefix) {
        Topology.Builder topology = Topology.builder();
        for (int i = 1; i <= members; i++) {
            topology.node("db-0" + i, prefix + (100 + i), ETCD, POSTGRES);
        }
        return ClusterConfig.builder().name("main").topology(topology.build()).build();
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
                        .node("lb-01", "192.168.60.100", HAPROXY))
                .build();
    }
}
