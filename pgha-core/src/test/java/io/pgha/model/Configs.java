package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.Problem;
import java.util.List;
import java.util.function.UnaryOperator;

/** A valid configuration, and what is wrong with it after a change. */
public final class Configs {
    private Configs() {}

    public static Topology.Builder nodes() {
        return Topology.builder()
                .node("postgres-01", "192.168.60.103", ETCD, POSTGRES)
                .node("postgres-02", "192.168.60.104", ETCD, POSTGRES)
                .node("postgres-03", "192.168.60.105", ETCD, POSTGRES)
                .node("haproxy-01", "192.168.60.100", HAPROXY)
                .node("haproxy-02", "192.168.60.101", HAPROXY);
    }

    public static ClusterConfig.Builder lab() {
        return ClusterConfig.builder()
                .name("postgresql-cluster")
                .topology(nodes().vip("192.168.60.110/24").build());
    }

    public static List<Problem> problems(UnaryOperator<ClusterConfig.Builder> change) {
        try {
            change.apply(lab()).build();
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems();
        }
    }

    public static List<String> codes(UnaryOperator<ClusterConfig.Builder> change) {
        return problems(change).stream()
                .map(problem -> problem.code().replaceFirst("^config\\.", ""))
                .toList();
    }

    /** What is wrong with a topology that has these nodes besides the valid ones. */
    public static List<String> codesWith(UnaryOperator<Topology.Builder> more) {
        return codes(config ->
                config.topology(more.apply(nodes().vip("192.168.60.110/24")).build()));
    }

    /** What is wrong with a topology of just these nodes. */
    public static List<String> codesOf(UnaryOperator<Topology.Builder> topology) {
        return codes(config -> config.topology(topology));
    }
}
