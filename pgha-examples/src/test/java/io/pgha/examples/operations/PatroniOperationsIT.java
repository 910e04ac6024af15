package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.Release;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.operation.HealthCheck;
import io.pgha.patroni.operation.HealthResult;
import io.pgha.patroni.operation.LeaderRestart;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.PauseScope;
import io.pgha.patroni.operation.ReinitResult;
import io.pgha.patroni.operation.ReinitSource;
import io.pgha.patroni.operation.Remove;
import io.pgha.patroni.operation.RemoveResult;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.operation.StandbyClusterResult;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverRefusedException;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.Metrics;
import io.pgha.resource.HttpsRequest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Every operation of the Patroni client, done for real and verified on the hosts. */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PatroniOperationsIT {
    private LabCluster cluster;
    private PatroniHosts hosts;
    private PgHa pgha;
    private PatroniClient patroni;

    @BeforeAll
    void open(LabCluster found) {
        cluster = found;
        hosts = new PatroniHosts(found);
        pgha = found.open();
        patroni = Patroni.client(pgha.cluster(found.config()));
    }

    @AfterAll
    void close() {
        patroni.close();
        pgha.close();
    }

    /** An address at which nothing is a PostgreSQL. */
    private String gateway() {
        return cluster.lab().config().address(1);
    }

    private boolean old() {
        return cluster.lab().release() == Release.BOOKWORM;
    }

    private String leader() throws InterruptedException {
        return patroni.view().leader().orElseThrow().name();
    }

    private String replica(int index) throws InterruptedException {
        return patroni.view().replicas().get(index).name();
    }

    private static List<String> outcomes(List<MemberResult> results) {
        return results.stream().map(one -> one.member() + " " + one.outcome()).toList();
    }

    private static void assertRestarted(Map<String, String> before, Map<String, String> after, List<String> members) {
        List<String> restarted = new ArrayList<>();
        after.forEach((member, at) -> {
            if (!at.equals(before.get(member))) {
                restarted.add(member);
            }
        });
        assertThat(restarted).containsExactlyInAnyOrderElementsOf(members);
    }

    /**
     * Changes a parameter past the client, and does not wait until anybody says that a restart is pending: some never
     * say it.
     */
    private void set(String parameter, int value) throws InterruptedException {
        assertThat(hosts.patronictl("edit-config -q --force -p " + parameter + "=" + value))
                .contains("Configuration changed");
    }

    @Test
    @Order(1)
    void versionsAreThoseOfPatronictl() throws Exception {
        String scope = patroni.view().name().orElseThrow();
        List<String> lines = hosts.patronictl("version " + scope)
                .lines()
                .filter(line -> line.contains(": "))
                .toList();
        assertThat(patroni.version())
                .extracting(Object::toString)
                .hasSize(3)
                .containsExactlyInAnyOrderElementsOf(lines);
    }

    @Test
    @Order(2)
    void healthChecksSayWhoServesWhat() throws Exception {
        String leader = leader();
        for (HealthCheck check : List.of(
                HealthCheck.PRIMARY,
                HealthCheck.READ_WRITE,
                HealthCheck.LEADER,
                HealthCheck.REPLICA,
                HealthCheck.ASYNCHRONOUS,
                HealthCheck.SYNCHRONOUS,
                HealthCheck.STANDBY_LEADER,
                HealthCheck.READ_ONLY,
                HealthCheck.HEALTH,
                HealthCheck.LIVENESS,
                HealthCheck.READINESS)) {
            boolean leaders = List.of(HealthCheck.PRIMARY, HealthCheck.READ_WRITE, HealthCheck.LEADER)
                    .contains(check);
            boolean replicas =
                    List.of(HealthCheck.REPLICA, HealthCheck.ASYNCHRONOUS).contains(check);
            boolean nobody =
                    List.of(HealthCheck.SYNCHRONOUS, HealthCheck.STANDBY_LEADER).contains(check);
            for (HealthResult result : patroni.health(h -> h.check(check))) {
                boolean leads = result.member().equals(leader);
                assertThat(result.passes()).as(result.toString()).isEqualTo(!nobody && (leads ? !replicas : !leaders));
                assertThat(result.status().orElseThrow())
                        .as("%s, asked on the host itself", result)
                        .isEqualTo(asked(result.member(), check.path()));
            }
        }
        assertThat(patroni.health(h -> h.check(HealthCheck.REPLICA).tag("zone", "nowhere")))
                .noneMatch(HealthResult::passes);
        if (old()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> patroni.health(h -> h.check(HealthCheck.READ_ONLY_QUORUM)))
                    .withMessageContaining("needs Patroni 4.0.0 or later");
        } else {
            assertThat(patroni.health(h -> h.check(HealthCheck.READ_ONLY_QUORUM)))
                    .filteredOn(HealthResult::passes)
                    .extracting(HealthResult::member)
                    .containsExactly(leader);
        }
    }

    private int asked(String member, String path) throws InterruptedException {
        return Integer.parseInt(hosts.host(member)
                .exec(HttpsRequest.to("GET " + path)
                        .address(hosts.host(member).address())
                        .port(8008)
                        .trust("/etc/patroni/tls/ca.crt")
                        .build()
                        .render())
                .text()
                .substring(0, 3));
    }

    @Test
    @Order(3)
    void metricsAreWhatPostgresSays() throws Exception {
        Map<String, String> versions = hosts.sql("show server_version_num");
        Map<String, String> starts = hosts.sql("select extract(epoch from pg_postmaster_start_time())");
        for (MemberView member : patroni.view().members()) {
            Metrics metrics = patroni.metrics(member.name());
            assertThat(metrics.value("patroni_postgres_server_version"))
                    .hasValue(Double.parseDouble(versions.get(member.name())));
            assertThat(metrics.value("patroni_postmaster_start_time"))
                    .hasValue(Double.parseDouble(starts.get(member.name())));
            assertThat(metrics.on("patroni_primary")).isEqualTo(member.leads());
            assertThat(metrics.on("patroni_replica")).isEqualTo(!member.leads());
            assertThat(metrics.on("patroni_postgres_running")).isTrue();
            assertThat(metrics.on("patroni_is_paused")).isFalse();
        }
    }

    @Test
    @Order(4)
    void restartsWhoIsAskedForAndNobodyElse() throws Exception {
        Map<String, String> before = hosts.postmasters();
        String replica = replica(0);

        assertThat(outcomes(patroni.restart(r -> r.member(replica).timeout(Duration.ofSeconds(50)))))
                .containsExactly(replica + " DONE");
        Map<String, String> after = hosts.postmasters();
        assertRestarted(before, after, List.of(replica));

        assertThat(patroni.restart(r -> r.onlyPending()))
                .extracting(MemberResult::outcome)
                .containsOnly(MemberOutcome.SKIPPED);
        assertThat(patroni.restart(r -> r.postgresVersion("12.1")))
                .extracting(MemberResult::outcome)
                .containsOnly(MemberOutcome.SKIPPED);
        assertThat(hosts.postmasters()).isEqualTo(after);

        String leader = leader();
        assertThat(outcomes(patroni.restart(r -> r.role(MemberSelector.LEADER))))
                .containsExactly(leader + " DONE");
        assertRestarted(after, hosts.postmasters(), List.of(leader));
        assertThat(leader()).isEqualTo(leader);
        hosts.awaitInOrder();

        Map<String, String> one = hosts.postmasters();
        assertThat(outcomes(patroni.restart(r -> r)))
                .hasSize(3)
                .allMatch(outcome -> outcome.endsWith(" DONE"))
                .last()
                .isEqualTo(leader + " DONE");
        assertRestarted(one, hosts.postmasters(), List.copyOf(one.keySet()));
        hosts.awaitInOrder();
    }

    @Test
    @Order(5)
    void schedulesARestartCallsItOffAndHasOneDone() throws Exception {
        String replica = replica(0);
        OffsetDateTime later = OffsetDateTime.now(ZoneOffset.UTC).plusHours(1).truncatedTo(ChronoUnit.SECONDS);
        assertThat(outcomes(patroni.restart(r -> r.member(replica).at(later)))).containsExactly(replica + " SCHEDULED");
        LabCluster.await("patronictl shows it", () -> hosts.list().get(replica).has("Scheduled restart"));
        assertThat(OffsetDateTime.parse(hosts.list()
                                .get(replica)
                                .get("Scheduled restart")
                                .asText())
                        .toInstant())
                .isEqualTo(later.toInstant());
        assertThatExceptionOfType(OperationFailedException.class)
                .isThrownBy(() -> patroni.restart(r -> r.member(replica).at(later.plusHours(1))))
                .withMessageContaining("Another restart is already scheduled");
        assertThat(outcomes(patroni.flushRestart(f -> f.member(replica)))).containsExactly(replica + " DONE");
        assertThat(patroni.flushRestart(f -> f))
                .extracting(MemberResult::outcome)
                .containsOnly(MemberOutcome.SKIPPED);
        LabCluster.await(
                "patronictl does not show it", () -> !hosts.list().get(replica).has("Scheduled restart"));

        Map<String, String> before = hosts.postmasters();
        OffsetDateTime soon = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(3);
        assertThat(outcomes(patroni.restart(
                        r -> r.member(replica).role(MemberSelector.REPLICA).at(soon))))
                .containsExactly(replica + " SCHEDULED");
        LabCluster.await("the scheduled restart", () -> {
            String now = hosts.host(replica)
                    .exec("runuser -u postgres -- psql -XAtc 'select pg_postmaster_start_time()' 2>/dev/null; true")
                    .text();
            return !now.isEmpty() && !now.equals(before.get(replica));
        });
        hosts.awaitInOrder();
    }

    @Test
    @Order(6)
    void aLimitThatGrowsGoesToTheReplicasFirst() throws Exception {
        String leader = leader();
        set("max_connections", 220);
        RollingRestartResult result = patroni.rollingRestart(r -> r.onlyPending());

        assertThat(result.members()).hasSize(3).allMatch(member -> member.outcome() == MemberOutcome.DONE);
        assertThat(result.members().get(2).member()).isEqualTo(leader);
        assertThat(hosts.sql("show max_connections").values()).containsOnly("220");
        assertThat(leader()).isEqualTo(leader);
    }

    @Test
    @Order(7)
    void aLimitThatShrinksShrinksEverywhereAndTheLeaderStays() throws Exception {
        String leader = leader();
        set("max_connections", 200);
        Map<String, String> before = hosts.postmasters();
        RollingRestartResult result =
                patroni.rollingRestart(r -> r.onlyPending().leader(LeaderRestart.SWITCHOVER));

        List<String> order = result.members().stream().map(MemberResult::member).toList();
        if (old()) {
            assertThat(order).as("3.0.2 does not say which way it goes").hasSize(5);
            assertThat(order.get(2)).isEqualTo(leader);
        } else {
            assertThat(order).hasSize(3).first().isEqualTo(leader);
        }
        assertRestarted(before, hosts.postmasters(), List.copyOf(before.keySet()));
        assertThat(hosts.sql("show max_connections").values()).containsOnly("200");
        LabCluster.await(
                "nothing is pending",
                () -> patroni.view().members().stream().noneMatch(MemberView::pendingRestart),
                hosts::state);
        assertThat(leader()).isEqualTo(leader);
        hosts.awaitInOrder();
    }

    @Test
    @Order(8)
    void aSwitchoverInsteadOfTheLeadersRestart() throws Exception {
        String leader = leader();
        Map<String, String> before = hosts.postmasters();
        RollingRestartResult result = patroni.rollingRestart(r -> r.leader(LeaderRestart.SWITCHOVER));

        assertThat(result.explanation()).contains("took over from " + leader);
        assertRestarted(before, hosts.postmasters(), List.copyOf(before.keySet()));
        assertThat(leader()).isNotEqualTo(leader);
        hosts.awaitInOrder();
    }

    @Test
    @Order(9)
    void schedulesASwitchoverCallsItOffAndHasOneDone() throws Exception {
        String leader = leader();
        OffsetDateTime later = OffsetDateTime.now(ZoneOffset.UTC).plusHours(1).truncatedTo(ChronoUnit.SECONDS);
        SwitchoverResult open = patroni.switchover(s -> s.at(later));
        assertThat(open.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
        assertThat(open.explanation()).contains("Patroni chooses then; now it would be " + open.to());
        assertThat(hosts.patronictl("list"))
                .contains("Switchover scheduled at: ", "from: " + leader)
                .doesNotContain(" to: ");
        assertThat(patroni.flushSwitchover().orElseThrow().from()).contains(leader);
        assertThat(patroni.flushSwitchover()).isEmpty();
        assertThat(hosts.patronictl("list")).doesNotContain("Switchover scheduled");

        String next = replica(1);
        patroni.switchover(s -> s.to(next).at(OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(3)));
        LabCluster.await(next + " leads", () -> {
            ClusterView view = patroni.view();
            return view.leader().map(MemberView::name).filter(next::equals).isPresent();
        });
        hosts.awaitInOrder();
        assertThat(cluster.leader().name()).isEqualTo(next);
    }

    @Test
    @Order(10)
    void failsOverToANamedMember() throws Exception {
        String next = replica(0);
        assertThat(patroni.failover(f -> f.to(next)).outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
        assertThat(patroni.failover(f -> f.to(next)).outcome()).isEqualTo(SwitchoverOutcome.ALREADY_LEADER);
        hosts.awaitInOrder();
        assertThat(cluster.leader().name()).isEqualTo(next);
    }

    @Test
    @Order(10)
    void aPatroniThatDiesOnAPromotedLeaderLeavesNothingToDo() throws Exception {
        String leader = leader();
        Map<String, String> before = hosts.postmasters();
        hosts.host(leader)
                .exec("kill -KILL $(systemctl show -P MainPID patroni)")
                .text();
        // The next Patroni leaves out of the file what the last one had set for recovery: nothing that a restart is
        // worth.
        LabCluster.await(
                "PostgreSQL misses its settings of recovery",
                () -> cluster.onLeader("select name from pg_settings where pending_restart")
                        .contains("recovery_target_timeline"));
        hosts.awaitInOrder();
        cluster.awaitNothingToDo();
        assertThat(leader()).isEqualTo(leader);
        assertThat(hosts.postmasters()).isEqualTo(before);
    }

    @Test
    @Order(11)
    void aPauseHoldsForItsScope() throws Exception {
        try (PauseScope scope = patroni.pauseScope(p -> p)) {
            assertThat(scope.result().recognized()).hasSize(3);
            assertThat(hosts.patronictl("list")).contains("Maintenance mode: on");
            for (MemberView member : patroni.view().members()) {
                assertThat(patroni.metrics(member.name()).on("patroni_is_paused"))
                        .isTrue();
            }
            assertThatExceptionOfType(SwitchoverRefusedException.class)
                    .isThrownBy(() -> patroni.switchover(
                            s -> s.at(OffsetDateTime.now(ZoneOffset.UTC).plusHours(1))))
                    .withMessageContaining("Can't schedule switchover in the paused state");
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> patroni.rollingRestart(r -> r))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.paused"));
        }
        assertThat(hosts.patronictl("list")).doesNotContain("Maintenance mode");
        assertThat(patroni.pause(p -> p).changed()).isTrue();
        assertThat(patroni.resume(r -> r).recognized()).hasSize(3);
        assertThat(hosts.patronictl("show-config")).doesNotContain("pause");
    }

    @Test
    @Order(12)
    void reloadsFilesThatChanged() throws Exception {
        String replica = replica(0);
        hosts.host(replica)
                .exec("cp -p /etc/patroni/patroni.yaml /root/patroni.yaml"
                        + " && sed -i 's/^tags:.*/tags: {zone: lab}/' /etc/patroni/patroni.yaml")
                .text();
        patroni.reload(r -> r.member(replica));
        LabCluster.await(
                "the tag is in force",
                () -> patroni.health(h -> h.check(HealthCheck.HEALTH).tag("zone", "lab")).stream()
                        .anyMatch(result -> result.passes() && result.member().equals(replica)));
        hosts.host(replica)
                .exec("cat /root/patroni.yaml >/etc/patroni/patroni.yaml; rm /root/patroni.yaml")
                .text();
        assertThat(patroni.reload(r -> r.role(MemberSelector.REPLICA)))
                .extracting(MemberResult::member)
                .containsExactlyInAnyOrder(replica(0), replica(1));
        assertThat(patroni.reload(r -> r)).hasSize(3);
        LabCluster.await(
                "the tag is gone",
                () -> patroni.health(h -> h.check(HealthCheck.HEALTH).tag("zone", "lab")).stream()
                        .noneMatch(HealthResult::passes));
    }

    @Test
    @Order(13)
    void copiesAReplicaAnewAndNeverTheLeader() throws Exception {
        String leader = leader();
        String replica = replica(1);
        String data = LabCluster.sql(hosts.host(replica), "show data_directory");
        String marker = data + "/pgha-was-here";
        hosts.host(replica).exec("runuser -u postgres -- touch " + marker).text();
        assertThatExceptionOfType(OperationFailedException.class)
                .isThrownBy(() -> patroni.reinit(r -> r.member(leader)))
                .withMessageContaining(leader + " is the leader");
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(() -> patroni.reinit(r -> r.member(replica).source(ReinitSource.LEADER)))
                .withMessageContaining("needs Patroni 4.1.0 or later");
        assertThat(hosts.host(replica).exec("test -e " + marker).succeeded()).isTrue();

        Map<String, String> before = hosts.postmasters();
        List<String> states = new CopyOnWriteArrayList<>();
        ReinitResult result = patroni.reinit(r -> r.member(replica).progress(progress -> states.add(progress.state())));

        assertThat(result.replicates()).isTrue();
        assertThat(states).as("told on the way").isNotEmpty();
        assertThat(hosts.host(replica).exec("test -e " + marker).succeeded()).isFalse();
        assertRestarted(before, hosts.postmasters(), List.of(replica));
        hosts.awaitInOrder();
    }

    @Test
    @Order(14)
    void aClusterIsDemotedOnlyWhereThatIsClean() throws Exception {
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(() -> patroni.demoteCluster(d -> d.host(gateway())))
                .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unsupported"))
                .withMessageContaining("needs Patroni 4.1.0 or later");
        assertThat(patroni.promoteCluster(p -> p).changed()).isFalse();
        assertThat(hosts.patronictl("show-config")).doesNotContain("standby_cluster");
    }

    @Test
    @Order(15)
    void aStandbyClusterIsPromoted() throws Exception {
        String leader = leader();
        DynamicConfig config = patroni.showConfig();
        // A primary that does not answer: the day for which one has a standby cluster.
        patroni.editConfig(c -> c.set("standby_cluster", Map.of("host", gateway(), "port", 5432)));
        LabCluster.await(leader + " leads a standby cluster", () -> {
            ClusterView view = patroni.view();
            return view.leader()
                            .filter(member -> member.role() == MemberRole.STANDBY_LEADER)
                            .isPresent()
                    && hosts.inRecovery().equals(Set.of("t"));
        });
        assertThat(hosts.patronictl("list")).contains("Standby Leader");
        // A member's own answer follows its own rounds, not what the DCS says of it.
        LabCluster.await(
                "the standby leader, and nobody else, says that it is one",
                () -> patroni.health(h -> h.check(HealthCheck.STANDBY_LEADER)).stream()
                        .filter(HealthResult::passes)
                        .map(HealthResult::member)
                        .toList()
                        .equals(List.of(leader())));
        assertThat(patroni.health(h -> h.check(HealthCheck.PRIMARY))).noneMatch(HealthResult::passes);

        StandbyClusterResult promoted = patroni.promoteCluster(p -> p);

        assertThat(promoted.changed()).isTrue();
        assertThat(cluster.leader().name()).isEqualTo(promoted.leader());
        assertThat(cluster.onLeader("create table promoted (); drop table promoted"))
                .contains("DROP TABLE");
        assertThat(patroni.promoteCluster(p -> p).changed()).isFalse();
        hosts.awaitInOrder();
        assertThat(patroni.showConfig()).isEqualTo(config);
    }

    @Test
    @Order(16)
    void aStoppedClusterIsForgottenAndItsDataTakenOverAgain() throws Exception {
        String leader = leader();
        String systemId = patroni.view().systemId().orElseThrow();
        DynamicConfig config = patroni.showConfig();

        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(() -> patroni.remove(this::confirmed))
                .satisfies(e -> assertThat(e.code()).isEqualTo(PatroniException.REMOVE_REFUSED))
                .withMessageContaining(leader + " leads");
        assertThat(keys()).contains("/initialize", "/leader");

        for (MemberView member : patroni.view().members()) {
            if (!member.name().equals(leader)) {
                hosts.host(member.name()).exec("systemctl stop patroni").text();
            }
        }
        hosts.host(leader).exec("systemctl stop patroni").text();
        assertThat(patroni.remove(this::confirmed).keys()).isPositive();
        assertThat(keys()).isEmpty();
        assertThat(patroni.remove(this::confirmed).keys()).isZero();

        hosts.host(leader).exec("systemctl start patroni").text();
        awaitKeys();
        for (Node node : cluster.config().postgresNodes()) {
            cluster.host(node).exec("systemctl start patroni").text();
        }
        hosts.awaitInOrder();
        assertThat(leader()).isEqualTo(leader);
        assertThat(patroni.view().systemId()).contains(systemId);
        assertThat(patroni.showConfig()).isEqualTo(config);
    }

    private Remove.Builder confirmed(Remove.Builder remove) {
        return remove.cluster(cluster.config().name()).confirmation(Remove.CONFIRMATION);
    }

    /** What the DCS has of the cluster, a line each. */
    private String keys() throws InterruptedException {
        return hosts.host("postgres-01")
                .exec(". /etc/profile.d/pgha-etcd.sh; etcdctl get --prefix --keys-only /service/"
                        + cluster.config().name() + "/")
                .text();
    }

    /** Patroni writes its keys back one after the other. */
    private void awaitKeys() throws InterruptedException {
        LabCluster.await("the DCS knows the cluster again", () -> {
            String there = keys();
            return Stream.of("/leader", "/initialize", "/config").allMatch(there::contains);
        });
    }

    @Test
    @Order(17)
    void aRunningClusterWhoseLeaderIsNamedIsForgottenAndComesBack() throws Exception {
        String leader = leader();
        String systemId = patroni.view().systemId().orElseThrow();
        DynamicConfig config = patroni.showConfig();
        RemoveResult removed = patroni.remove(r -> confirmed(r).leader(leader));

        assertThat(removed.keys()).isPositive();
        assertThat(removed.running()).containsExactly("postgres-01", "postgres-02", "postgres-03");
        awaitKeys();
        hosts.awaitInOrder();
        assertThat(patroni.view().systemId()).contains(systemId);
        assertThat(patroni.showConfig()).isEqualTo(config);
        cluster.awaitNothingToDo();
    }
}
