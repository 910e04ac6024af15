package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.view.MemberView;
import io.pgha.plan.Impact;
import io.pgha.plan.Plan;
import io.pgha.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Limits of which a standby needs at least as much as its primary: what PostgreSQL does where the leader has more, and
 * that neither a plan nor the client ever comes to that where one limit grows and another shrinks.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedLimitsIT {
    private static final String PAUSES = "cat /var/log/postgresql/*.log | grep -c 'recovery has paused'; true";

    private LabCluster lab;
    private PatroniHosts hosts;
    private PgHa pgha;
    private PatroniClient patroni;
    private DynamicConfig before;
    private int connections;

    @BeforeAll
    void open(LabCluster found) throws Exception {
        lab = found;
        hosts = new PatroniHosts(found);
        pgha = found.open();
        patroni = Patroni.client(pgha.cluster(found.config()));
        before = patroni.showConfig();
        connections = Integer.parseInt(lab.onLeader("show max_connections"));
    }

    @AfterAll
    void close() {
        patroni.close();
        pgha.close();
    }

    private List<String> replicas() throws InterruptedException {
        return patroni.view().replicas().stream().map(MemberView::name).toList();
    }

    private String leader() throws InterruptedException {
        return patroni.view().leader().orElseThrow().name();
    }

    /** How often each server's replay has stopped because a limit was too small. */
    private Map<String, String> pauses() throws InterruptedException {
        return hosts.onEach(PAUSES);
    }

    private Map<String, String> limits() throws InterruptedException {
        return hosts.sql(
                "select current_setting('max_connections') || ' ' || current_setting('max_worker_processes') || ' '"
                        + " || current_setting('max_prepared_transactions')");
    }

    /** The log tells: the server itself goes down when somebody has it go on. */
    @Test
    @Order(1)
    @Tag("bookworm-only")
    void aLeaderThatStartsWithMoreStopsTheReplayOfItsReplicas() throws Exception {
        String workers = lab.onLeader("show max_worker_processes");
        String leader = leader();
        Map<String, String> pauses = pauses();
        patroni.editConfig(c -> c.parameter("max_worker_processes", Integer.parseInt(workers) + 4));
        assertThat(patroni.restart(r -> r.member(leader)))
                .extracting(MemberResult::toString)
                .singleElement()
                .asString()
                .contains(leader);
        for (String replica : replicas()) {
            LabCluster.await(
                    "the replay of " + replica + " stops",
                    () -> !pauses().get(replica).equals(pauses.get(replica)),
                    hosts::state);
        }
        patroni.editConfig(c -> c.parameter("max_worker_processes", Integer.parseInt(workers)));
        patroni.restart(r -> r.member(leader));
        String scope = patroni.view().name().orElseThrow();
        for (String replica : replicas()) {
            hosts.patronictl(
                    "restart --force " + scope + " " + replica); // one that went down is started by its Patroni
            LabCluster.await(
                    replica + " replays again",
                    () -> hosts.host(replica)
                            .exec("runuser -u postgres -- psql -XAtc 'select pg_get_wal_replay_pause_state()'"
                                    + " 2>/dev/null; true")
                            .text()
                            .equals("not paused"),
                    hosts::state);
        }
        hosts.awaitInOrder();
    }

    @Test
    @Order(2)
    void aPlanRestartsReplicasThenTheLeaderThenReplicasAgain() throws Exception {
        Map<String, String> pauses = pauses();
        String leader = leader();
        List<String> replicas = replicas();
        ClusterConfig mixed = ClusterConfig.builder()
                .from(lab.config())
                .postgres(pg -> pg.from(lab.config().postgres())
                        .parameter("max_connections", connections - 20)
                        .parameter("max_prepared_transactions", 5))
                .build();
        Cluster cluster = pgha.cluster(mixed);
        Plan plan = cluster.plan();
        assertThat(restarts(plan, "PostgreSQL restarts"))
                .containsExactlyInAnyOrder(leader, replicas.get(0), replicas.get(1));
        assertThat(restarts(plan, "PostgreSQL restarts behind the leader"))
                .containsExactlyInAnyOrderElementsOf(replicas);
        plan.apply();

        assertThat(limits().values()).allMatch(limits -> limits.matches((connections - 20) + " \\d+ 5"));
        assertThat(pauses()).isEqualTo(pauses);
        assertThat(leader()).isEqualTo(leader);
        assertThat(cluster.plan().steps()).isEmpty();
    }

    @Test
    @Order(3)
    void theClientDoesSo() throws Exception {
        Map<String, String> pauses = pauses();
        String leader = leader();
        List<String> expected = new ArrayList<>(replicas());
        expected.add(leader);
        expected.addAll(replicas());
        patroni.editConfig(c -> c.replace(before.yaml()));
        assertThat(patroni.rollingRestart(r -> r.onlyPending()).members())
                .extracting(MemberResult::member)
                .containsExactlyElementsOf(expected);

        assertThat(limits().values()).allMatch(limits -> limits.matches(connections + " \\d+ 0"));
        assertThat(pauses()).isEqualTo(pauses);
        assertThat(leader()).isEqualTo(leader);
        Cluster deployed = pgha.cluster(lab.config());
        Plan filesOnly = deployed.plan();
        assertThat(filesOnly.impact()).isEqualTo(Impact.RELOAD);
        filesOnly.apply();
        assertThat(lab.remainder()).isEmpty();
    }

    private static List<String> restarts(Plan plan, String stage) {
        return plan.stages().stream()
                .filter(each -> each.title().equals(stage))
                .flatMap(each -> each.steps().stream())
                .map(Step::node)
                .toList();
    }
}
