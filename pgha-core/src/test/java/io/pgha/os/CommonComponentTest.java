package io.pgha.os;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.host.HostFacts.InterfaceAddress;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.os.OsConfig;
import io.pgha.model.os.TimeSync;
import io.pgha.plan.Phase;
import io.pgha.resource.CommandResource;
import io.pgha.resource.FileResource;
import io.pgha.spi.Observation;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.testing.FixedContext;
import io.pgha.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommonComponentTest {
    private final CommonComponent component = new CommonComponent();

    private static ClusterConfig.Builder cluster() {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("pg1", "192.168.60.103", ETCD, POSTGRES)
                        .node("pg2", "192.168.60.104", POSTGRES)
                        .node("lb1", "192.168.60.100", HAPROXY));
    }

    private static List<Resource> lane(FixedContext context, String node) {
        return new CommonComponent()
                .stages(context)
                .get(0)
                .lanes()
                .get(context.config().node(node));
    }

    private static FileResource file(FixedContext context, String node, String path) {
        return lane(context, node).stream()
                .filter(resource -> resource.id().equals("file:" + path))
                .map(FileResource.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void claimsTheHostBeforeAnythingElse() {
        FixedContext context = FixedContext.of(cluster().build());
        assertThat(component.stages(context)).hasSize(1).allMatch(stage -> stage.phase() == Phase.OS);
        assertThat(lane(context, "pg1"))
                .extracting(Resource::id)
                .containsExactly(
                        "file:/var/lib/pgha/cluster",
                        "file:/usr/sbin/policy-rc.d",
                        "file:/etc/needrestart/conf.d/pgha.conf",
                        "packages",
                        "block:/etc/hosts#hosts",
                        "service:chrony",
                        "file:/etc/sysctl.d/90-pgha.conf",
                        "sysctl");
        assertThat(file(context, "pg1", "/var/lib/pgha/cluster").content()).isEqualTo("cluster=orders\nnode=pg1\n");
    }

    @Test
    void resourcesOfOthersComeBeforeThePackages() {
        FixedContext plain = FixedContext.of(cluster().build());
        Resource source =
                FileResource.at("/etc/apt/sources.list.d/x.sources").content("").build();
        FixedContext context = new FixedContext(plain.config(), plain.machines(), plain.secrets(), List.of(source));
        assertThat(lane(context, "lb1")).extracting(Resource::id).containsSubsequence(source.id(), "packages");
    }

    @Test
    void rendersItsFiles() {
        FixedContext context = FixedContext.of(cluster().build());
        Golden.check(
                "os/policy-rc.d", file(context, "pg1", "/usr/sbin/policy-rc.d").content());
        Golden.check(
                "os/needrestart.conf",
                file(context, "pg1", "/etc/needrestart/conf.d/pgha.conf").content());
        Golden.check(
                "os/sysctl.pg1.conf",
                file(context, "pg1", "/etc/sysctl.d/90-pgha.conf").content());
        Golden.check(
                "os/sysctl.lb1.conf",
                file(context, "lb1", "/etc/sysctl.d/90-pgha.conf").content());
    }

    @Test
    void whoKeepsTheClockIsTheUsersChoice() {
        FixedContext context = FixedContext.of(cluster()
                .os(os -> os.timeSync(TimeSync.EXISTING).packages("htop"))
                .build());
        Node node = context.config().node("pg1");
        assertThat(component.packages(context, node))
                .contains("htop", "openssl")
                .doesNotContain("chrony");
        assertThat(lane(context, "pg1")).extracting(Resource::id).doesNotContain("service:chrony");
    }

    @Test
    void theUsersKernelSettingsAreAboveOurs() {
        Map<String, String> settings = KernelSettings.of(
                cluster()
                        .os(os -> os.sysctl("vm.swappiness", "10").sysctl("vm.dirty_ratio", "5"))
                        .build(),
                cluster().build().node("pg1"));
        assertThat(settings)
                .containsEntry("vm.swappiness", "10")
                .containsEntry("vm.dirty_ratio", "5")
                .containsKey("vm.dirty_background_bytes")
                .doesNotContainKey("vm.dirty_bytes");
        assertThat(KernelSettings.of(
                        cluster()
                                .os(os -> os.sysctl("vm/swappiness", "10").sysctl("vm/dirty_ratio", "5"))
                                .build(),
                        cluster().build().node("pg1")))
                .containsOnlyKeys("vm/swappiness", "vm/dirty_ratio", "vm.dirty_background_bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "etcd.service,start,101",
        "etcd,restart,101",
        "patroni.service,restart,101",
        "patroni@17-main.service,start,101",
        "postgresql,stop,101",
        "postgresql@17-main.service,start,101",
        "haproxy.service,restart,101",
        "keepalived,start,101",
        "chrony.service,start,0",
        "ssh,restart,0",
        "postgresqlx,start,0"
    })
    void packageScriptsLeaveTheDaemonsAlone(String unit, String action, int status, @TempDir Path directory)
            throws Exception {
        Path script = directory.resolve("policy-rc.d");
        Files.writeString(
                script,
                file(FixedContext.of(cluster().build()), "pg1", "/usr/sbin/policy-rc.d")
                        .content());
        for (List<String> options : List.of(List.<String>of(), List.of("--quiet"))) {
            List<String> command = new ArrayList<>(List.of("sh", script.toString()));
            command.addAll(options);
            command.addAll(List.of(unit, action));
            assertThat(new ProcessBuilder(command).start().waitFor()).isEqualTo(status);
        }
    }

    @Test
    void kernelSettingsThatCannotBeSetCountAsDone() {
        SysctlResource kernel = new SysctlResource(Map.of("vm.swappiness", "1", "kernel.sem", "1 2  3"));
        assertThat(kernel.diff(Observation.of("kernel/sem=1\t2\t3\nvm/swappiness not settable here")))
                .isEmpty();
        assertThat(kernel.diff(Observation.of("kernel/sem=1\t2\t4\nvm/swappiness=60"))
                        .orElseThrow()
                        .reason())
                .isEqualTo("kernel.sem is 1 2 4, should be 1 2  3; vm.swappiness is 60, should be 1");
        assertThat(kernel.diff(Observation.of(""))).isPresent();
        assertThat(kernel.diff(Observation.of(kernel.act(Observation.of("")).leaves())))
                .isEmpty();
    }

    /** By a real shell, of this machine's kernel; where it lets nobody change its settings, that is told. */
    @Test
    void kernelSettingsAreReadWhole() throws Exception {
        Map<String, String> here = new TreeMap<>();
        for (String name : List.of("net/ipv4/ip_local_port_range", "net/ipv4/tcp_rmem", "vm/dirty_ratio")) {
            here.put(name, output("cat", "/proc/sys/" + name).strip());
        }
        SysctlResource kernel = new SysctlResource(here);
        String answer = output("sh", "-c", kernel.probe().script());

        assertThat(answer.lines()).hasSize(3);
        assertThat(kernel.diff(Observation.of(answer))).as(answer).isEmpty();
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Property(tries = 200)
    void hostileKernelSettingsNeverBecomeLines(@ForAll String part, @ForAll String value) {
        OsConfig os = OsConfig.builder()
                .sysctl(part.isEmpty() ? "vm.swappiness" : "vm." + part, "1" + value)
                .build();
        if (os.problems().isEmpty()) {
            FileResource file = (FileResource) new SysctlResource(os.sysctls()).file();
            assertThat(file.content().lines()).hasSize(2);
        }
    }

    @Test
    void namesAreReadAsSysctlReadsThem() {
        SysctlResource kernel = new SysctlResource(
                Map.of("net.ipv4.conf.eth0/100.rp_filter", "1", "net/ipv4/conf/eth0.200/rp_filter", "2"));
        assertThat(kernel.diff(
                        Observation.of("net/ipv4/conf/eth0.100/rp_filter=1\nnet/ipv4/conf/eth0.200/rp_filter=2")))
                .isEmpty();
    }

    @Test
    void askedOnThisVeryMachineTheProbesAnswer() throws Exception {
        assertThat(run(new SysctlResource(Map.of("kernel.no_such_thing", "1"))
                        .probe()
                        .script()))
                .isEqualTo("kernel/no_such_thing not settable here");
        assertThat(run(((CommandResource) TimeKeeping.chrony()).guard())).isNotEmpty();
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(false)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.strip();
    }

    // Preflight

    private Optional<Problem> judge(FixedContext context, String node, String id, String answer) {
        return component.preflight(context).stream()
                .filter(rule ->
                        rule.node().name().equals(node) && rule.probe().id().equals("preflight:" + id))
                .map(PreflightRule::judge)
                .findFirst()
                .orElseThrow()
                .apply(answer);
    }

    @Test
    void aBareMachineIsGood() {
        FixedContext context = FixedContext.of(cluster().build());
        assertThat(component.check(context)).isEmpty();
        assertThat(component.preflight(context))
                .hasSize(5 + 5 + 3 + 9)
                .allSatisfy(rule ->
                        assertThat(rule.judge().apply(rule.probe().bare())).isEmpty());
    }

    @Test
    void aClaimedHostIsNotAskedAgain() {
        FixedContext context = FixedContext.of(cluster().build());
        for (String id : List.of("ports", "postgres", "disk", "policy-rc.d")) {
            assertThat(judge(context, "pg1", id, "claimed")).isEmpty();
        }
    }

    @Test
    void existingPostgresIsRefused() {
        FixedContext context = FixedContext.of(cluster().build());
        Problem problem = judge(
                        context, "pg1", "postgres", "package postgresql-15\ncluster /var/lib/postgresql/15/main")
                .orElseThrow();
        assertThat(problem.code()).isEqualTo("preflight.postgres-exists");
        assertThat(problem.message()).contains("postgresql-15", "/var/lib/postgresql/15/main");
        assertThat(problem.remedy()).contains("apt-get purge postgresql-15");
    }

    @Test
    void takenPortsAreAllNamed() {
        FixedContext context = FixedContext.of(cluster().build());
        String answer = """
                LISTEN 0 244 127.0.0.1:5432 0.0.0.0:* users:(("postgres",pid=12,fd=5))
                LISTEN 0 128 [::]:8008 [::]:* users:(("python3",pid=13,fd=5),("python3",pid=14,fd=5))
                LISTEN 0 128 *:2380 *:*
                LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))
                """;
        Problem problem = judge(context, "pg1", "ports", answer).orElseThrow();
        assertThat(problem.code()).isEqualTo("preflight.port-taken");
        assertThat(problem.message())
                .contains("5432 (needed for PostgreSQL) by postgres", "8008", "python3", "2380", "an unknown process")
                .doesNotContain("sshd");
        assertThat(judge(context, "lb1", "ports", answer)).isEmpty();
    }

    @Test
    void aFullDiskIsRefused() {
        FixedContext context = FixedContext.of(cluster().build());
        assertThat(judge(context, "pg1", "disk", "2097152")).isEmpty();
        assertThat(judge(context, "pg1", "disk", "1048576").orElseThrow().message())
                .contains("1024 MiB");
    }

    @Test
    void withoutSystemdNothingWorks() {
        FixedContext context = FixedContext.of(cluster().build());
        assertThat(judge(context, "lb1", "systemd", "").orElseThrow().code()).isEqualTo("preflight.systemd");
    }

    @Test
    void aForeignPolicyIsNotOverwritten() {
        FixedContext context = FixedContext.of(cluster().build());
        assertThat(judge(context, "pg1", "policy-rc.d", "#!/bin/sh\n# For images\nexit 101"))
                .isEmpty();
        assertThat(judge(
                        context,
                        "pg1",
                        "policy-rc.d",
                        file(context, "pg1", "/usr/sbin/policy-rc.d").content()))
                .isEmpty();
        assertThat(judge(context, "pg1", "policy-rc.d", "#!/bin/sh\n/opt/decide \"$@\"")
                        .orElseThrow()
                        .code())
                .isEqualTo("preflight.policy-rc-d");
    }

    @ParameterizedTest
    @CsvSource({
        "debian,bookworm,true",
        "debian,trixie,true",
        "ubuntu,jammy,true",
        "ubuntu,noble,true",
        "debian,bullseye,false",
        "fedora,'',false",
        "ubuntu,bookworm,false"
    })
    void onlyKnownReleasesAreTouched(String distribution, String release, boolean known) {
        FixedContext context = FixedContext.of(cluster().build())
                .with(
                        "pg1",
                        facts -> facts.distribution(distribution)
                                .release(release)
                                .osName("Some OS"));
        assertThat(component.check(context))
                .extracting(Problem::code)
                .isEqualTo(known ? List.of() : List.of("preflight.os-unsupported"));
    }

    @Test
    void tooLittleMemoryIsRefused() {
        FixedContext context =
                FixedContext.of(cluster().build()).with("pg2", facts -> facts.memoryBytes(256L * 1024 * 1024));
        assertThat(component.check(context))
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("preflight.memory"));
    }

    @Test
    void twoNodesOnOneMachineAreFound() {
        FixedContext context = FixedContext.of(cluster().build()).with("pg2", facts -> facts.machineId("id-of-pg1"));
        assertThat(component.check(context)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.same-machine");
            assertThat(problem.message()).contains("pg1", "pg2");
        });
    }

    @Test
    void clocksMustAgreeWithEachOtherNotWithTheOperator() {
        ClusterConfig config = cluster().build();
        FixedContext context = FixedContext.of(
                config,
                node -> FixedContext.healthy(node)
                        .clockOffset(Duration.ofHours(1))
                        .build());
        assertThat(component.check(context)).isEmpty();
        assertThat(component.check(context.with("pg2", facts -> facts.clockOffset(Duration.ofMillis(3_598_500)))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("preflight.clocks");
                    assertThat(problem.message()).contains("1.5 s ahead of pg2");
                });
    }

    /** A network or an operator's machine that was busy for three seconds says nothing of the clocks. */
    @Test
    void whatMayBeAnErrorOfMeasurementIsNoDifferenceOfClocks() {
        FixedContext context = FixedContext.of(cluster().build())
                .with(
                        "pg2",
                        facts -> facts.clockOffset(Duration.ofMillis(-1500)).clockError(Duration.ofMillis(1500)));
        assertThat(component.check(context)).isEmpty();
        assertThat(component.check(context.with("pg1", facts -> facts.clockOffset(Duration.ofMillis(1100)))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("pg1 is 1.1 s ahead of pg2"));
    }

    @Test
    void aMachineMayHaveManyAddresses() {
        FixedContext context = FixedContext.of(cluster().build())
                .with("pg1", facts -> facts.address(new InterfaceAddress("eth1", "10.0.0.1", 8)));
        assertThat(component.check(context)).isEmpty();
    }
}
