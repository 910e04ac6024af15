package io.pgha.examples.deploy;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.Topology;
import io.pgha.model.patroni.FailsafeMode;
import io.pgha.model.patroni.SynchronousMode;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A change that a running cluster can take, each of another kind. */
record HarmlessChange(String what, ClusterConfig config) {

    static List<HarmlessChange> of(ClusterConfig deployed) {
        return List.of(
                change("nothing", deployed, c -> c),
                parameter("work_mem", "24MB", deployed),
                parameter("max_connections", 300, deployed),
                parameter("max_connections", 60, deployed),
                parameter("shared_buffers", "96MB", deployed),
                parameter("log_min_duration_statement", "2s", deployed),
                change(
                        "two parameters",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres())
                                .parameter("max_worker_processes", 24)
                                .parameter("random_page_cost", 1.3))),
                change(
                        "one limit larger, another smaller",
                        deployed,
                        c -> c.postgres(pg -> pg.from(deployed.postgres())
                                .parameter("max_connections", 60)
                                .parameter("max_worker_processes", 24))),
                change(
                        "a rule",
                        deployed,
                        c -> c.postgres(
                                pg -> pg.from(deployed.postgres()).pgHba("hostssl app app 10.9.0.0/16 scram-sha-256"))),
                change(
                        "ttl",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).ttl(Duration.ofSeconds(45)))),
                change(
                        "loop_wait",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni())
                                .loopWait(deployed.patroni().loopWait().minusSeconds(1)))),
                change(
                        "synchronous_mode",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).synchronousMode(SynchronousMode.ON))),
                change(
                        "maximum_lag_on_failover",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).maximumLagOnFailover(2L << 20))),
                change(
                        "failsafe_mode",
                        deployed,
                        c -> c.patroni(p -> p.from(deployed.patroni()).failsafeMode(FailsafeMode.OFF))),
                change(
                        "a tag",
                        deployed,
                        c -> c.topology(Topology.builder()
                                .vips(deployed.topology().vips())
                                .nodes(deployed.topology().nodes().stream()
                                        .map(node -> node.name().equals("postgres-03")
                                                ? Node.builder()
                                                        .from(node)
                                                        .tag("nofailover", true)
                                                        .build()
                                                : node)
                                        .toList())
                                .build())),
                change(
                        "HAProxy's connections",
                        deployed,
                        c -> c.haproxy(h -> h.from(deployed.haproxy()).maxConnections(600))),
                change(
                        "HAProxy's checks",
                        deployed,
                        c -> c.haproxy(h -> h.from(deployed.haproxy()).fall(5))),
                change(
                        "keepalived's checks",
                        deployed,
                        c -> c.keepalived(k -> k.from(deployed.keepalived()).fall(4))),
                change(
                        "etcd's election",
                        deployed,
                        c -> c.etcd(e -> e.from(deployed.etcd()).electionTimeout(Duration.ofSeconds(3)))),
                change(
                        "etcd's quota",
                        deployed,
                        c -> c.etcd(e -> e.from(deployed.etcd()).quotaBackendBytes(4L << 30))),
                change(
                        "etcd's compaction",
                        deployed,
                        c -> c.etcd(e -> e.from(deployed.etcd()).autoCompactionRetention(Duration.ofHours(2)))),
                change(
                        "a package",
                        deployed,
                        c -> c.os(os -> os.from(deployed.os()).packages("hello"))));
    }

    private static HarmlessChange parameter(String name, Object value, ClusterConfig deployed) {
        return change(
                name + " = " + value,
                deployed,
                c -> c.postgres(pg -> pg.from(deployed.postgres()).parameter(name, value)));
    }

    private static HarmlessChange change(
            String what, ClusterConfig deployed, UnaryOperator<ClusterConfig.Builder> change) {
        return new HarmlessChange(
                what, change.apply(ClusterConfig.builder().from(deployed)).build());
    }
}
