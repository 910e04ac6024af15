package io.pgha.examples.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.Problem;
import io.pgha.examples.cluster.Handover;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.lab.LabTest;
import io.pgha.examples.lab.LocalLab;
import io.pgha.examples.quickstart.LabTarget;
import io.pgha.examples.quickstart.Writer;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.plan.Impact;
import io.pgha.plan.Plan;
import io.pgha.plan.PreflightFailedException;
import io.pgha.plan.Step;
import io.pgha.run.RunEvent;
import io.pgha.run.RunReport;
import io.pgha.secret.Secret;
import io.pgha.ssh.Ssh;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way on one lab, a story: bare hosts that refuse, a deploy cut short again and again, and what then must
 * hold.
 */
@LabTest
@Tag("trixie-only")
@Order(1)
@ExtendWith(Handover.Extension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployIT {
    private LocalLab lab;
    private LabCluster deployed;
    private Path state;

    @BeforeAll
    void describe(LocalLab found) {
        lab = found;
        deployed = LabCluster.on(found);
        state = deployed.state();
    }

    private Cluster cluster(PgHa pgha) {
        return pgha.cluster(LabTarget.config(lab.config()));
    }

    private PgHa open() {
        return deployed.open();
    }

    private List<Problem> refusal(Transport transport, ClusterConfig config) throws InterruptedException {
        try (PgHa pgha = LabCluster.open(transport, state)) {
            PreflightFailedException refusal = catchThrowableOfType(
                    PreflightFailedException.class, () -> pgha.cluster(config).plan());
            assertThat(refusal).hasMessageContaining("nothing was changed").hasMessageContaining("To fix: ");
            return refusal.problems();
        }
    }

    private ClusterConfig changed(UnaryOperator<ClusterConfig.Builder> change) {
        return change.apply(ClusterConfig.builder().from(LabTarget.config(lab.config())))
                .build();
    }

    private ClusterConfig named(String vip, String networkInterface) {
        return changed(c -> c.topology(
                t -> t.addAllNodes(LabTarget.config(lab.config()).topology().nodes())
                        .vip(v -> v.cidr(vip).networkInterface(networkInterface))));
    }

    @Test
    @Order(1)
    void bareHostsRefuseWhatCannotWorkBeforeAnythingIsTouched() throws Exception {
        Path nobodyKnown = Files.createFile(state.resolve("known_hosts"));
        assertThat(refusal(
                        Ssh.transport(ssh ->
                                ssh.user("opspw").password(Secret.of("wrong")).knownHosts(lab.knownHosts())),
                        LabTarget.config(lab.config())))
                .hasSize(6)
                .extracting(Problem::code)
                .containsOnly("ssh.authentication-failed");
        assertThat(refusal(
                        Ssh.transport(ssh ->
                                ssh.user("ops").privateKey(lab.privateKey()).knownHosts(nobodyKnown)),
                        LabTarget.config(lab.config())))
                .hasSize(6)
                .extracting(Problem::code)
                .containsOnly("ssh.host-key-unknown");
        assertThat(refusal(
                        LabTarget.transport(lab),
                        changed(c -> c.topology(
                                t -> t.from(LabTarget.config(lab.config()).topology())
                                        .node("haproxy-04", lab.config().address(99), NodeRole.HAPROXY)))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).contains("unreachable");
                    assertThat(problem.node()).contains("haproxy-04");
                });
        assertThat(refusal(
                        LabTarget.transport(lab),
                        changed(c -> c.topology(t -> t.addAllNodes(LabTarget.config(lab.config())
                                        .topology()
                                        .nodes())
                                .vip(lab.config().gateway())))))
                .isNotEmpty()
                .extracting(Problem::code)
                .containsOnly("preflight.vip-taken");
        assertThat(refusal(LabTarget.transport(lab), named(lab.config().address(1) + "/32", "eth0")))
                .isNotEmpty()
                .extracting(Problem::code)
                .containsOnly("preflight.vip-taken");
        assertThat(refusal(LabTarget.transport(lab), named("10.0.0.10/32", "eth7")))
                .hasSize(3)
                .allSatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo("preflight.no-interface");
                    assertThat(problem.remedy()).contains(" has eth0 lo");
                });

        assertThat(refusal(
                        LabTarget.transport(lab),
                        changed(c -> c.postgres(pg ->
                                pg.parameter("timezone_abbreviations", "Ours").parameter("max_stack_depth", "9MB")))))
                .hasSize(6)
                .extracting(Problem::code)
                .containsOnly("preflight.timezone-abbreviations", "preflight.stack-depth");

        lab.host("postgres-03")
                .exec("mkdir -p /var/lib/postgresql/14/old; echo 14 >/var/lib/postgresql/14/old/PG_VERSION")
                .text();
        lab.host("haproxy-02")
                .exec(
                        "cp /etc/os-release /root/os-release; sed -i 's/^VERSION_CODENAME=.*/VERSION_CODENAME=buster/' /usr/lib/os-release")
                .text();
        lab.host("postgres-02")
                .exec("apt-get -q update && apt-mark hold patroni")
                .text();
        assertThat(refusal(LabTarget.transport(lab), LabTarget.config(lab.config())))
                .extracting(problem -> problem.node().orElseThrow() + " " + problem.code())
                .containsExactlyInAnyOrder(
                        "postgres-03 preflight.postgres-exists",
                        "postgres-02 preflight.package-held",
                        "haproxy-02 preflight.os-unsupported");
        try (PgHa pgha = open()) {
            assertThat(cluster(pgha).check()).hasSize(3);
        }
        lab.host("postgres-02").exec("apt-mark unhold patroni").text();
        lab.host("postgres-03").exec("rm -r /var/lib/postgresql").text();
        lab.host("haproxy-02")
                .exec("cat /root/os-release >/usr/lib/os-release; rm /root/os-release")
                .text();

        for (LabHost host : lab.hosts()) {
            assertThat(host.exec("test -e /var/lib/pgha || test -e /etc/haproxy || test -e /etc/etcd")
                            .succeeded())
                    .as("%s was touched", host)
                    .isFalse();
        }
    }

    @Test
    @Order(2)
    void aDeployThatIsKilledAndCutAgainAndAgainEndsInAnEmptyPlan() throws Exception {
        assertThat(DeployerProcess.killAfter(14, lab, state)).isEqualTo(14);
        assertThat(DeployerProcess.killAfter(40, lab, state)).isEqualTo(40);
        assertThat(DeployerProcess.killAfter(12, lab, state)).isEqualTo(12);
        AtomicBoolean cut = new AtomicBoolean();
        try (PgHa pgha = open()) {
            Plan plan = LabCluster.settled(cluster(pgha)).plan();
            int middle = plan.steps().size() / 3;
            RunReport report = plan.apply(run -> run.listener(event -> {
                if (event instanceof RunEvent.StepFinished finished && finished.done() == middle) {
                    cut.set(true);
                    cutSshConnections();
                }
            }));
            assertThat(report.outcome()).isEqualTo(RunReport.Outcome.DONE);
            assertThat(cut).isTrue();
            assertThat(cluster(pgha).plan()).hasToString("postgresql-cluster: nothing to do, 0 changes");
        }
        KeptSecrets.of(state).assertHidden(lab.hosts());
    }

    /** Ends every SSH connection on the hosts' side without a word; the commands behind them are left to themselves. */
    private void cutSshConnections() {
        for (LabHost host : lab.hosts()) {
            try {
                host.exec("""
                        for d in /proc/[0-9]*; do
                          case $(cat $d/comm) in
                            sshd | sshd-session) [ "$(stat -c %U $d)" != ops ] || kill -KILL ${d#/proc/} ;;
                          esac
                        done 2>/dev/null
                        true
                        """).text();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    @Order(3)
    void theVirtualIpTakesWritesAndASwitchoverLosesNone() throws Exception {
        try (PgHa pgha = open();
                PatroniClient patroni = Patroni.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            assertThat(writer.writeAndRead())
                    .as("an answer of one of .100 to .105")
                    .startsWith("hello from " + lab.config().address(10));
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            String before = patroni.view().leader().orElseThrow().name();
            patroni.switchover(any -> any);
            writer.awaitMore(50, Duration.ofSeconds(60));
            assertThat(patroni.view().leader().orElseThrow().name()).isNotEqualTo(before);
            assertThat(writer.stopAndCountLost()).isZero();
        }
    }

    @Test
    @Order(4)
    void aParameterThatNeedsARestartIsRolledOutWithoutMovingTheLeader() throws Exception {
        try (PgHa pgha = open();
                PatroniClient patroni = Patroni.client(cluster(pgha))) {
            String leader = patroni.view().leader().orElseThrow().name();
            Cluster more = pgha.cluster(changed(
                    c -> c.postgres(pg -> pg.parameter("max_connections", 210).parameter("work_mem", "8MB"))));
            Plan plan = more.plan();
            assertThat(plan.impact()).isEqualTo(Impact.ROLLING_RESTART);
            plan.apply();
            assertThat(more.plan().steps()).extracting(Step::title).isEmpty();
            assertThat(deployed.onLeader("show max_connections")).isEqualTo("210");
            assertThat(deployed.onLeader("show work_mem")).isEqualTo("8MB");
            assertThat(patroni.view().leader().orElseThrow().name()).isEqualTo(leader);
            assertThat(patroni.view().members()).noneMatch(member -> member.pendingRestart());
        }
    }

    @Test
    @Order(5)
    void aStoppedDaemonAndAForeignEditAreSeenAndPutRight() throws Exception {
        lab.host("haproxy-02")
                .exec("echo '# by hand' >>/etc/haproxy/haproxy.cfg")
                .text();
        lab.host("haproxy-03").exec("systemctl stop keepalived").text();
        try (PgHa pgha = open()) {
            Cluster next = pgha.cluster(deployed.config()); // with a second virtual IP and shorter rounds
            Plan plan = next.plan();
            assertThat(plan.steps())
                    .extracting(step -> step.node() + " " + step.resource())
                    .contains("haproxy-02 file:/etc/haproxy/haproxy.cfg", "haproxy-03 service:keepalived");
            plan.apply();
            assertThat(next.plan().isEmpty()).isTrue();
        }
        deployed.awaitVirtualIps();
    }

    /** Against a copy of the operator's state: what a rehearsal issues and makes up is nobody's. */
    @Test
    @Order(6)
    void aRehearsalSaysOfAChangeWhatThePlanSays(@TempDir Path elsewhere) throws Exception {
        Path copy = elsewhere.resolve("state");
        Process copying = new ProcessBuilder("cp", "-a", state.toString(), copy.toString()).start();
        assertThat(copying.waitFor()).isZero();
        try (PgHa real = open();
                PgHa rehearsal =
                        LabCluster.open(InMemoryTransport.of(lab.release().codename()), copy)) {
            rehearsal.cluster(deployed.config()).plan().apply();
            firstLeads(real);
            for (HarmlessChange change : HarmlessChange.of(deployed.config())) {
                assertThat(told(rehearsal, change)).as(change.what()).isEqualTo(told(real, change));
            }
        }
    }

    /** Whoever has founded the cluster leads in a rehearsal, where nobody ever takes over. */
    private void firstLeads(PgHa pgha) throws InterruptedException {
        String first = deployed.config().postgresNodes().get(0).name();
        try (PatroniClient patroni = Patroni.client(cluster(pgha))) {
            if (!patroni.view().leader().orElseThrow().name().equals(first)) {
                patroni.switchover(s -> s.to(first));
                deployed.awaitNothingToDo();
            }
        }
    }

    /** What would be done where, and what that does to whoever works with the cluster. */
    private static List<String> told(PgHa pgha, HarmlessChange change) throws InterruptedException {
        return pgha.cluster(change.config()).plan().stages().stream()
                .flatMap(stage ->
                        stage.steps().stream().map(step -> stage.title() + ": " + step + " {" + step.impact() + "}"))
                .toList();
    }

    /**
     * Plans only: with records, then as an earlier pgha has left the hosts, then with the records that the next plan
     * has written.
     */
    @Test
    @Order(7)
    void whatWouldBreakTheRunningClusterIsRefused() throws Exception {
        try (PgHa pgha = open()) {
            ChangedCluster.of(deployed.config()).forEach(changed -> refuses(pgha, changed));
            for (LabHost host : lab.hosts()) {
                host.exec("rm /var/lib/pgha/record").text();
            }
            ChangedCluster.of(deployed.config()).forEach(changed -> refuses(pgha, changed));
            Cluster next = pgha.cluster(deployed.config());
            Plan plan = next.plan();
            assertThat(plan.steps()).hasSize(6).extracting(Step::resource).containsOnly("file:/var/lib/pgha/record");
            plan.apply();
            assertThat(next.plan().isEmpty()).isTrue();
            for (LabHost host : lab.hosts()) {
                assertThat(host.exec("stat -c '%a %U' /var/lib/pgha/record; grep -c '^applied:' /var/lib/pgha/record")
                                .text())
                        .isEqualTo("600 root\n1");
            }
            refuses(pgha, ChangedCluster.of(deployed.config()).get(0));
        }
    }

    private static void refuses(PgHa pgha, ChangedCluster changed) {
        PreflightFailedException refusal = catchThrowableOfType(
                PreflightFailedException.class,
                () -> pgha.cluster(changed.config()).plan());
        assertThat(refusal).as("%s was planned", changed.code()).isNotNull();
        assertThat(refusal.problems())
                .as(changed.code())
                .extracting(Problem::code)
                .contains(changed.code())
                .allMatch(code -> code.equals(changed.code())
                        || List.of("preflight.postgres-version", "preflight.package-unknown")
                                .contains(code));
    }

    @Test
    @Order(8)
    void everyDaemonThatDiesComesBack(Handover handover) throws Exception {
        LabHost proxy = lab.host("haproxy-01");
        LabHost database = lab.host("postgres-03");
        dies(proxy, "haproxy");
        dies(proxy, "keepalived");
        dies(database, "etcd");
        dies(database, "patroni");
        deployed.awaitVirtualIps();
        deployed.awaitNothingToDo();
        handover.freeze(deployed);
    }

    private static void dies(LabHost host, String unit) throws InterruptedException {
        String pid = "systemctl show -P MainPID " + unit;
        String before =
                host.exec("pid=$(" + pid + ") && kill -KILL $pid && echo $pid").text();
        LabCluster.await(
                unit + " runs again on " + host.name(),
                () -> host.exec("systemctl is-active -q " + unit + " && [ $(" + pid + ") != " + before + " ]")
                        .succeeded());
    }
}
