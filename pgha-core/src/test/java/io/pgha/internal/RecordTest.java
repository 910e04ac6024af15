package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import io.pgha.Cluster;
import io.pgha.Problem;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.InMemoryTransport;
import io.pgha.internal.record.Departure;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.plan.Plan;
import io.pgha.plan.PreflightFailedException;
import io.pgha.plan.StalePlanException;
import io.pgha.plan.Step;
import io.pgha.run.RunFailedException;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Rehearsal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The record on every host, and what is refused because of it, on machines in memory. */
class RecordTest {
    private static final String RECORD = "file:/var/lib/pgha/record";

    private final InMemoryTransport transport = InMemoryTransport.of("trixie");
    private final SecretStore secrets = SecretStore.memory();

    private Cluster cluster(ClusterConfig config, String content) {
        return Rehearsal.pgha(transport, secrets, List.of(new ToyComponent(content)))
                .cluster(config);
    }

    private Cluster cluster(ClusterConfig config) {
        return cluster(config, "one\n");
    }

    private static ClusterConfig deployed() {
        return Rehearsal.config().build();
    }

    private static ClusterConfig changed(UnaryOperator<ClusterConfig.Builder> change) {
        return change.apply(ClusterConfig.builder().from(deployed())).build();
    }

    private List<Problem> refusal(ClusterConfig config) {
        PreflightFailedException refusal = catchThrowableOfType(
                PreflightFailedException.class, () -> cluster(config).plan());
        assertThat(refusal).as("a plan was made").isNotNull();
        assertThat(refusal).hasMessageContaining("To fix: ");
        return refusal.problems().stream()
                .filter(problem -> !problem.code().equals("preflight.clocks")) // of a test machine that is busy
                .toList();
    }

    private String record(String node) {
        return transport.done(node).stream()
                .filter(request -> request.isStep(RECORD))
                .flatMap(request -> request.command().stream())
                .reduce((one, later) -> later)
                .map(command -> new String(command.stdin(), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private void put(String node, String text) {
        transport.answer(
                node,
                RECORD,
                "600 root:root\n" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void deploy() throws Exception {
        cluster(deployed()).plan().apply();
    }

    private static ClusterConfig.Builder topology(
            ClusterConfig.Builder config, UnaryOperator<List<Node>> nodes, String... vips) {
        return config.topology(t -> {
            t.nodes(nodes.apply(deployed().topology().nodes()));
            List.of(vips).forEach(t::vip);
            return t;
        });
    }

    private static List<Node> without(List<Node> nodes, String... names) {
        return nodes.stream()
                .filter(node -> !List.of(names).contains(node.name()))
                .toList();
    }

    private static List<Node> with(List<Node> nodes, String name, UnaryOperator<Node.Builder> change) {
        return nodes.stream()
                .map(node -> node.name().equals(name)
                        ? change.apply(Node.builder().from(node)).build()
                        : node)
                .toList();
    }

    /** A change of the configuration, and the code that it is refused with. */
    private record Row(String code, UnaryOperator<ClusterConfig.Builder> change) {}

    private static Row row(String code, UnaryOperator<ClusterConfig.Builder> change) {
        return new Row(code, change);
    }

    private static Stream<Row> changes() {
        String vip = "192.168.60.110/24";
        return Stream.of(
                row("change.vip-removed", c -> topology(c, nodes -> nodes)),
                row("change.vip-removed", c -> topology(c, nodes -> nodes, "192.168.60.111/24")),
                row("change.vip", c -> topology(c, nodes -> nodes, "192.168.60.110/25")),
                row(
                        "change.vip",
                        c -> topology(c, nodes -> nodes)
                                .topology(t -> t.nodes(deployed().topology().nodes())
                                        .vip(v -> v.cidr(vip).virtualRouterId(7)))),
                row("change.node-removed", c -> topology(c, nodes -> without(nodes, "haproxy-02"), vip)),
                row(
                        "change.node-removed",
                        c -> topology(c, nodes -> without(nodes, "postgres-02", "postgres-03"), vip)),
                row(
                        "change.node-address",
                        c -> topology(c, nodes -> with(nodes, "postgres-02", n -> n.address("192.168.60.99")), vip)),
                row("change.node-name", c -> topology(c, nodes -> with(nodes, "postgres-02", n -> n.name("pg2")), vip)),
                row(
                        "change.role-removed",
                        c -> topology(
                                c,
                                nodes -> with(
                                        with(nodes, "postgres-02", n -> n.roles(List.of(NodeRole.POSTGRES))),
                                        "postgres-03",
                                        n -> n.roles(List.of(NodeRole.POSTGRES))),
                                vip)),
                row("change.cluster-name", c -> c.name("other")),
                row("change.namespace", c -> c.patroni(p -> p.namespace("/other"))),
                row("change.port", c -> c.postgres(pg -> pg.port(5433))),
                row("change.port", c -> c.patroni(p -> p.restPort(8009))),
                row("change.port", c -> c.etcd(e -> e.clientPort(2381))),
                row("change.port", c -> c.etcd(e -> e.peerPort(2381))),
                row("change.port", c -> c.haproxy(h -> h.readWritePort(6000))),
                row("change.port", c -> c.haproxy(h -> h.statsPort(6000))),
                row("change.initdb", c -> c.postgres(pg -> pg.locale("C"))),
                row("change.initdb", c -> c.postgres(pg -> pg.encoding("SQL_ASCII"))),
                row("change.role-name", c -> c.postgres(pg -> pg.superuserName("root"))),
                row("change.role-name", c -> c.postgres(pg -> pg.replicationUser("copy"))),
                row("change.role-name", c -> c.postgres(pg -> pg.rewindUser("wind"))),
                row("change.vrrp-interval", c -> c.keepalived(k -> k.advertInterval(Duration.ofSeconds(2)))));
    }

    @Test
    void whatWouldBreakARunningClusterIsRefused() {
        assertSoftly(softly -> changes()
                .forEach(row -> softly.assertThat(refusal(changed(row.change())))
                        .as(row.toString())
                        .extracting(Problem::code)
                        .containsOnly(row.code())));
    }

    @Test
    void aRefusalNamesRealThings() {
        assertThat(refusal(changed(c -> c.patroni(p -> p.namespace("/other")))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.message()).contains("demo", "patroni.namespace /service", "/other");
                    assertThat(problem.remedy()).contains("Write patroni.namespace /service again");
                });
        assertThat(refusal(changed(c -> c.name("other")))).singleElement().satisfies(problem -> {
            assertThat(problem.message())
                    .startsWith("The cluster demo is deployed with name demo, and the configuration says other;");
            assertThat(problem.remedy()).startsWith("Write name demo again.");
        });
        assertThat(refusal(changed(c -> topology(c, nodes -> without(nodes, "haproxy-02"), "192.168.60.110/24"))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.node()).contains("haproxy-02");
                    assertThat(problem.remedy())
                            .contains(
                                    "192.168.60.101",
                                    "systemctl disable --now keepalived haproxy,",
                                    "touch /var/lib/pgha/departed/haproxy-02");
                });
    }

    @Test
    void whatMayBeChangedIsPlanned() throws Exception {
        ClusterConfig more = changed(c -> topology(
                        c,
                        nodes -> Stream.concat(
                                        with(
                                                nodes,
                                                "haproxy-01",
                                                n -> n.sshAddress("lb1").sshPort(2222))
                                                .stream(),
                                        Stream.of(Node.builder()
                                                .name("postgres-04")
                                                .address("192.168.60.106")
                                                .roles(NodeRole.POSTGRES)
                                                .build()))
                                .toList(),
                        "192.168.60.110/24",
                        "192.168.60.111/24")
                .postgres(pg -> pg.parameter("work_mem", "8MB"))
                .patroni(p -> p.ttl(Duration.ofSeconds(40))));

        cluster(more).plan().apply();
        assertThat(cluster(more).plan().isEmpty()).isTrue();
        assertThat(refusal(deployed()))
                .extracting(Problem::code)
                .containsExactlyInAnyOrder("change.node-removed", "change.vip-removed");
    }

    @Test
    void whatWasTakenAwayByHandIsRefusedNoMore() throws Exception {
        ClusterConfig fewer = changed(c -> topology(c, nodes -> without(nodes, "haproxy-02")));
        assertThat(refusal(fewer)).hasSize(2);
        transport.answer("postgres-03", "record:departed", "haproxy-02\n192.168.60.110");

        cluster(fewer).plan().apply();
        assertThat(record("postgres-01")).doesNotContain("haproxy-02", "192.168.60.110");
        transport.answer("postgres-03", "record:departed", "");
        assertThat(cluster(fewer).plan().isEmpty()).isTrue();
    }

    @Test
    void everyHostKeepsTheSameRecordWithoutSecrets() throws Exception {
        String record = record("postgres-01");

        assertThat(record).contains("format: 1", "machine: rehearsal-postgres-01", "generation: 1", "result: done");
        assertThat(record).contains("read_write_port: 5000").doesNotContain("target:", "secret");
        assertThat(record("haproxy-02").replace("haproxy-02", "postgres-01"))
                .isEqualTo(record.replace("haproxy-02", "postgres-01"));
        String applied = record.substring(record.indexOf("applied: |\n") + 11, record.indexOf("runs:"))
                .replaceAll("(?m)^  ", "");
        assertThat(ConfigCodec.yaml().read(applied)).isEqualTo(deployed());
        assertThat(cluster(deployed()).plan().isEmpty()).isTrue();
    }

    @Test
    void twentyRunsAreKept() throws Exception {
        for (int run = 0; run < 25; run++) {
            cluster(deployed(), "run " + run + "\n").plan().apply();
        }
        assertThat(record("postgres-01").split("- who:", -1)).hasSize(1 + 20);
        assertThat(record("postgres-01")).contains("generation: 26");
    }

    @Test
    void aRunThatDiesAtItsBeginOrItsEndIsFinishedByTheNext() throws Exception {
        for (String victim : List.of("target:", "result: done")) {
            transport.behave((node, request) -> {
                if (node.name().equals("haproxy-01")
                        && request.command()
                                .filter(command -> new String(command.stdin(), StandardCharsets.UTF_8).contains(victim))
                                .isPresent()) {
                    return new CommandResult(1, "", "No space left on device");
                }
                return new CommandResult(0, "", "");
            });
            Cluster next = cluster(deployed(), victim + "\n");
            assertThatThrownBy(() -> next.plan().apply())
                    .isInstanceOfSatisfying(
                            RunFailedException.class, e -> assertThat(e.code()).isEqualTo("record.not-written"))
                    .hasMessageContaining("No space left");
            transport.behave((node, command) -> new CommandResult(0, "", ""));

            assertThat(refusal(changed(c -> c.patroni(p -> p.namespace("/other")))))
                    .extracting(Problem::code)
                    .containsOnly("change.namespace");
            Plan plan = next.plan();
            assertThat(plan.steps())
                    .filteredOn(step ->
                            step.resource().equals(RECORD) && step.node().equals("haproxy-01"))
                    .singleElement()
                    .extracting(Step::reason)
                    .asString()
                    .isIn("missed 1 runs", "the last run did not come to its end");
            plan.apply();
            assertThat(next.plan().isEmpty()).isTrue();
        }
    }

    @Test
    void aFailedRunStaysOnRecord() throws Exception {
        transport.behave((node, request) ->
                request.isStep("service:toy") ? new CommandResult(1, "", "no") : new CommandResult(0, "", ""));
        Cluster next = cluster(changed(c -> c.patroni(p -> p.ttl(Duration.ofSeconds(40)))), "two\n");
        assertThatThrownBy(() -> next.plan().apply()).isInstanceOf(RunFailedException.class);

        assertThat(record("haproxy-01")).contains("result: run.step-failed", "ttl: 30s", "ttl: 40s");
    }

    @Test
    void aPlanIsStaleWhenAnotherRunHasBegun() throws Exception {
        Plan plan = cluster(deployed(), "two\n").plan();
        cluster(changed(c -> c.postgres(pg -> pg.parameter("work_mem", "8MB"))), "three\n")
                .plan()
                .apply();
        // nothing that the plan would change is another now, but for the record
        transport.answer("postgres-01", "file:/etc/toy.conf", "644 root:root\nb25lCg==");

        assertThatThrownBy(plan::apply)
                .isInstanceOf(StalePlanException.class)
                .hasMessageContaining("a run has begun (a plan is applied once) on postgres-01, ");
    }

    @Test
    void recordsThatAreNotToBeTrustedAreRefused() {
        String good = record("postgres-02");
        put("postgres-02", good.replace("format: 1", "format: 2"));
        assertThat(refusal(deployed())).extracting(Problem::code).containsExactly("record.newer-format");
        put("postgres-02", good.replaceAll("cluster: \\S+", "cluster: 0b6e"));
        assertThat(refusal(deployed())).extracting(Problem::code).containsExactly("record.other-cluster");
        put("postgres-02", good.replace("machine: rehearsal-postgres-02", "machine: rehearsal-template"));
        assertThat(refusal(deployed())).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("record.other-machine");
            assertThat(problem.message()).contains("rehearsal-template", "rehearsal-postgres-02");
        });
        for (String damaged : List.of(
                "{",
                "- a",
                good.replaceFirst("format: 1", "format: one"),
                good.replaceFirst("(?s)\nruns:.*", "\nruns: [null]\n"),
                good.replaceFirst("(?s)\napplied:.*", "\napplied: '{'\n"),
                good.replaceFirst("(?s)\napplied:.*", "\napplied: a text\n"))) {
            put("postgres-02", damaged);
            assertThat(refusal(deployed()))
                    .as(damaged)
                    .extracting(Problem::code)
                    .containsExactly("record.unreadable");
        }
    }

    @Test
    void aHostOfAnotherClusterOrNodeIsRefused() {
        String claim = "file:/var/lib/pgha/cluster";
        for (String other : List.of("cluster=billing\nnode=postgres-01\n", "cluster=demo\nnode=postgres-02\n")) {
            transport.answer(
                    "postgres-01",
                    claim,
                    "644 root:root\n" + Base64.getEncoder().encodeToString(other.getBytes(StandardCharsets.UTF_8)));
            assertThat(refusal(deployed())).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo("preflight.host-claimed");
                assertThat(problem.message()).contains(other.lines().toList());
            });
        }
    }

    @Test
    void aHostThatIsOffIsRefusedWithTheWaysOn() {
        transport.behave((node, command) -> {
            if (node.name().equals("haproxy-02") || node.name().equals("postgres-03")) {
                throw new HostException(
                        Problem.on(node.name(), "host.unreachable", "No route to host", "Start it."), null);
            }
            return new CommandResult(0, "", "");
        });
        assertThat(refusal(deployed()))
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo("host.unreachable"))
                .extracting(Problem::remedy)
                .anySatisfy(remedy ->
                        assertThat(remedy).contains("192.168.60.101", "touch /var/lib/pgha/departed/haproxy-02"))
                .anySatisfy(remedy -> assertThat(remedy)
                        .contains("192.168.60.105", "etcd's member is replaced")
                        .doesNotContain("departed"));
    }

    @Test
    void theCommandOfARemedyStaysWhole() {
        Node node = deployed().haproxyNodes().get(0);
        Problem problem = Problem.on(node.name(), "host.unreachable", "No route", "try by hand: ssh root@pg1");
        assertThat(Departure.lost(problem, node).remedy())
                .startsWith("try by hand: ssh root@pg1 ; a plan needs every host. ");
    }

    @Test
    void aHostThatLetsNobodyInIsNotCalledLost() {
        transport.behave((node, command) -> {
            throw new HostException(
                    Problem.on(node.name(), "ssh.log-in-timeout", "It is slow", "Look at its load."), null);
        });
        assertThat(refusal(deployed()))
                .isNotEmpty()
                .extracting(Problem::remedy)
                .allSatisfy(remedy -> assertThat(remedy).isEqualTo("Look at its load."));
    }

    /** As an earlier pgha has left them. */
    private void withoutRecords() {
        for (Node node : deployed().topology().nodes()) {
            transport.answer(node.name(), RECORD, "absent");
            transport.answer(
                    node.name(),
                    "trace:hosts",
                    deployed().topology().nodes().stream()
                            .map(each -> each.address() + " " + each.name())
                            .collect(Collectors.joining("\n", "# pgha hosts begin\n", "\n# pgha hosts end")));
        }
        for (Node node : deployed().haproxyNodes()) {
            transport.answer(node.name(), "trace:haproxy", """
                    listen stats
                        bind *:7000
                    listen read_write
                        bind *:5000
                        server postgres-01 192.168.60.103:5432 check verifyhost postgres-01
                        server postgres-02 192.168.60.104:5432 check verifyhost postgres-02
                        server postgres-03 192.168.60.105:5432 check verifyhost postgres-03
                    """);
            transport.answer(node.name(), "trace:keepalived", """
                        virtual_router_id 110
                        advert_int 1
                            192.168.60.110/24 dev eth0
                    """);
        }
    }

    @Test
    void aClusterWithoutRecordsIsGuardedFromItsFirstPlanOn() {
        withoutRecords();
        List<String> told = List.of(
                "change.vip-removed",
                "change.vip",
                "change.node-removed",
                "change.node-address",
                "change.node-name",
                "change.cluster-name",
                "change.vrrp-interval");
        assertSoftly(softly -> changes()
                .filter(row -> told.contains(row.code()))
                .forEach(row -> softly.assertThat(refusal(changed(row.change())))
                        .as(row.toString())
                        .extracting(Problem::code)
                        .containsOnly(row.code())));
    }

    @Test
    void itsFirstPlanWritesTheRecordsAndTheSecondIsEmpty() throws Exception {
        withoutRecords();
        assertThat(refusal(changed(c -> c.haproxy(h -> h.readWritePort(6000)))))
                .extracting(Problem::code)
                .containsOnly("change.port");
        Plan plan = cluster(deployed()).plan();
        assertThat(plan.steps()).extracting(Step::resource).containsOnly(RECORD).hasSize(5);
        plan.apply();
        assertThat(cluster(deployed()).plan().isEmpty()).isTrue();
    }

    @Test
    void aDeployThatFoundedNothingYetBindsNobody() throws Exception {
        InMemoryTransport bare = InMemoryTransport.of("trixie");
        bare.behave((node, request) ->
                request.isStep("file:/etc/toy.conf") ? new CommandResult(1, "", "no") : new CommandResult(0, "", ""));
        Cluster first = Rehearsal.pgha(bare, secrets, List.of(new ToyComponent("one\n")))
                .cluster(deployed());
        assertThatThrownBy(() -> first.plan().apply()).isInstanceOf(RunFailedException.class);
        bare.behave((node, command) -> new CommandResult(0, "", ""));

        Cluster corrected = Rehearsal.pgha(bare, secrets, List.of(new ToyComponent("one\n")))
                .cluster(changed(c -> c.patroni(p -> p.namespace("/other"))));
        corrected.plan().apply();
        assertThat(corrected.plan().isEmpty()).isTrue();
    }
}
