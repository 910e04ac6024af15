package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.layout.ConfigCheck;
import io.pgha.patroni.internal.settings.ServerParameters;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Impact;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.FileResource;
import io.pgha.spi.Act;
import io.pgha.spi.Component;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trigger;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatroniComponentTest {
    private final Component component = PatroniComponent.create();
    private final ClusterConfig config = Clusters.dedicated();
    private final PlanContext context = new FixedPlanContext(config, "bookworm");

    @ParameterizedTest
    @CsvSource({"bookworm, postgresql-15", "trixie, postgresql-17", "jammy, postgresql-14", "noble, postgresql-16"})
    void installsWhatTheReleaseShips(String release, String server) {
        assertThat(component.packages(new FixedPlanContext(config, release), config.node("db-01")))
                .containsExactly("openssl", "patroni", server, "python3-etcd", "python3-psycopg2");
        assertThat(component.packages(context, config.node("lb-01"))).isEmpty();
    }

    @Test
    void debiansOwnServerIsPreventedBeforeThePackagesCome() {
        assertThat(component.beforePackages(context, config.node("db-01")))
                .extracting(Resource::id)
                .containsExactly("file:/etc/postgresql-common/createcluster.d/pgha.conf");
        assertThat(component.beforePackages(context, config.node("etcd-01"))).isEmpty();
    }

    @Test
    void theStagesComeInOrder() {
        assertThat(component.stages(context))
                .extracting(stage -> stage.phase() + " " + stage.title())
                .containsExactly(
                        "TRUST PostgreSQL certificates",
                        "DATABASE Patroni configuration",
                        "DATABASE dynamic configuration",
                        "DATABASE PostgreSQL members",
                        "DATABASE dynamic configuration after the start",
                        "DATABASE PostgreSQL restarts",
                        "DATABASE PostgreSQL restarts behind the leader",
                        "DATABASE what is in force");
        assertThat(resources("PostgreSQL members", "db-02"))
                .extracting(Resource::id)
                .containsExactly(
                        "service:patroni",
                        "patroni:ready",
                        "served:/etc/patroni/tls/rest.crt",
                        "served:/etc/patroni/tls/postgres.crt");
    }

    @Test
    void secretsAreInNoPlanAndNoScript() {
        FileResource yaml = (FileResource) resource("file:/etc/patroni/patroni.yaml");

        assertThat(yaml.mode() + " " + yaml.owner()).isEqualTo("600 postgres:postgres");
        assertThat(yaml.diff(Observation.of("absent")).orElseThrow().toString()).doesNotContain("secret-of");
        assertThat(all().filter(resource -> !resource.id().startsWith("certificate:"))
                        .map(resource -> resource + script(resource.act(Observation.of("000")))))
                .noneMatch(text -> text.contains("secret-of"));
    }

    private static String script(Act act) {
        return act instanceof Act.OnHost there ? there.command().script() : "";
    }

    @Test
    void clientsBehindHaproxyCanVerifyTheServersName() {
        CertificateResource certificate = (CertificateResource) resource("certificate:/etc/patroni/tls/postgres.crt");

        assertThat(certificate.request().names()).contains("db-01", "localhost", "lb-01", "lb-02");
        assertThat(certificate.request().addresses()).contains("192.168.60.101", "192.168.60.90", "192.168.60.99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie"})
    void everyScriptIsGoodShell(String release, @TempDir Path directory) throws IOException, InterruptedException {
        PlanContext there = new FixedPlanContext(Clusters.ipv6(), release);
        List<String> scripts = Stream.concat(
                        component.preflight(there).stream()
                                .map(rule -> rule.probe().script()),
                        component.stages(there).stream()
                                .flatMap(stage -> stage.lanes().values().stream())
                                .flatMap(List::stream)
                                .flatMap(resource -> Stream.of(
                                        resource.probe().script(), script(resource.act(Observation.of("absent"))))))
                .distinct()
                .toList();
        assertThat(scripts).hasSizeGreaterThan(15);
        for (String script : scripts) {
            assertThat(syntaxErrors(directory, script)).as(script).isEmpty();
        }
        assertThat(syntaxErrors(directory, ConfigCheck.SCRIPT)).isEmpty();
        assertThat(syntaxErrors(directory, "if then")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, ''",
        "0, restapi.listen 10.0.0.1:8008 didn't pass validation: 'Port 8008 is already in use.'",
        "0, etcd3.hosts.0 10.0.0.1:2379 didn't pass validation: 10.0.0.1:2379 is not reachable",
        "0, bootstrap.dcs.synchronous_mode quorum is not a boolean",
        "1, bootstrap.dcs.ttl abc is not an integer"
    })
    void theFileIsRefusedForItsContentOnly(int expected, String answer, @TempDir Path directory)
            throws IOException, InterruptedException {
        String validator = "#!/bin/sh\nprintf '%s\\n' \"$ANSWER\" >&2\n[ -z \"$ANSWER\" ]\n";
        Path patroni = Files.writeString(directory.resolve("patroni"), validator);
        assertThat(patroni.toFile().setExecutable(true)).isTrue();
        ProcessBuilder sh =
                new ProcessBuilder("sh", "-e", "-c", "( set -- candidate\n" + ConfigCheck.SCRIPT + ") </dev/null");
        sh.environment().put("ANSWER", answer);
        sh.environment().merge("PATH", directory.toString(), (path, own) -> own + ":" + path);
        Process check = sh.redirectErrorStream(true).start();

        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo(expected == 0 ? "" : answer);
        assertThat(check.waitFor()).isEqualTo(expected);
    }

    @Test
    void aRestartIsPendingWherePatroniSaysSoOrWhereOneIsAnnounced() {
        PendingRestartResource restart = new PendingRestartResource(
                context, config.node("db-01"), RestartTurn.LEADER_LAST, RestWork.of(context));

        assertThat(restart.diff(Observation.of("000"))).isEmpty();
        assertThat(restart.diff(Observation.of("200\n{\"state\": \"running\"}")))
                .isEmpty();
        assertThat(restart.diff(Observation.of(
                        "200\n{\"pending_restart\": true, \"pending_restart_reason\": {\"max_connections\": {}}}")))
                .hasValueSatisfying(change -> {
                    assertThat(change.reason()).isEqualTo("a restart is pending: max_connections");
                    assertThat(change.impact()).isEqualTo(Impact.ROLLING_RESTART);
                });
        assertThat(restart.diff(Observation.of("200\n{\"state\": \"running\"}\n\nPostgreSQL: \n")))
                .isEmpty();
        assertThat(
                        restart.diff(
                                Observation.of(
                                        "200\n{\"state\": \"running\"}\n\nPostgreSQL: {\"pending\": [\"wal_level\", \"max_connections\"]}\n")))
                .as("Patroni before 3.3 may have missed it")
                .hasValueSatisfying(change ->
                        assertThat(change.reason()).isEqualTo("a restart is pending: max_connections, wal_level"));
        assertThat(restart.diff(
                        new Observation("200\n{}", List.of(new Trigger("change server parameters", Reaction.RESTART)))))
                .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo("change server parameters"));
    }

    @Test
    void whatAPromotedLeaderWouldNeedForRecoveryIsNotAsked() {
        String asked = new PendingRestartResource(
                        context, config.node("db-01"), RestartTurn.LEADER_LAST, RestWork.of(context))
                .probe()
                .script();
        Matcher left = Pattern.compile("name !~ '([^']+)'").matcher(asked);
        assertThat(left.find()).isTrue();
        Pattern recovery = Pattern.compile(left.group(1));
        // Of validator.py of Patroni, what PostgreSQL 12 or later has.
        assertThat(List.of(
                        "archive_cleanup_command primary_conninfo primary_slot_name promote_trigger_file recovery_end_command",
                        "recovery_min_apply_delay recovery_target recovery_target_action recovery_target_inclusive",
                        "recovery_target_lsn recovery_target_name recovery_target_time recovery_target_timeline",
                        "recovery_target_xid restore_command"))
                .flatMap(names -> List.of(names.split(" ", -1)))
                .allMatch(name -> recovery.matcher(name).find());
        assertThat(List.of(
                        "max_connections",
                        "hot_standby",
                        "recovery_prefetch",
                        "recovery_init_sync_method",
                        "wal_level"))
                .noneMatch(name -> recovery.matcher(name).find());
    }

    @Test
    void aRestartAlreadyDoneIsNotReportedAgain() {
        ReadyResource ready = new ReadyResource(context, config.node("db-01"), RestWork.of(context));

        assertThat(ready.diff(Observation.of("200\n{\"state\": \"running\"}\n\nPostgreSQL: \n")))
                .isEmpty();
        assertThat(ready.diff(Observation.of("200\n{\"state\": \"starting\"}"))
                        .orElseThrow()
                        .reason())
                .isEqualTo("PostgreSQL is: starting");
        assertThat(ready.diff(Observation.of("000")).orElseThrow().reason()).isEqualTo("Patroni does not answer");
        assertThat(ready.probe().script())
                .as("asked once")
                .isEqualTo(new PendingRestartResource(
                                context, config.node("db-01"), RestartTurn.LEADER_LAST, RestWork.of(context))
                        .probe()
                        .script());
    }

    @Test
    void aVersionThatTheReleaseLacksIsRefusedUnlessAptKnowsIt() {
        PlanContext newer = new FixedPlanContext(Clusters.colocated(1, pg -> pg.version(17)), "bookworm");
        PreflightRule rule = rule(newer, "patroni:version");

        assertThat(rule.judge().apply("missing")).hasValueSatisfying(problem -> {
            assertThat(problem.message()).contains("has no package postgresql-17");
            assertThat(problem.remedy()).contains("the 15 that bookworm ships");
        });
        assertThat(rule.judge().apply("available")).isEmpty();
        assertThat(rule(context, "patroni:version").probe().script()).isEqualTo("echo available");
    }

    @Test
    void dataOfOthersIsLeftAlone() {
        PreflightRule rule = rule(context, "preflight:data-directory");

        assertThat(rule.judge().apply("foreign"))
                .get()
                .extracting(Problem::code)
                .isEqualTo("preflight.data-directory");
        assertThat(rule.judge().apply("none  /var/lib/postgresql/17/main")).isEmpty();
        assertThat(rule.judge().apply("free")).isEmpty();
    }

    @Test
    void quorumCommitNeedsPatroni4() {
        ClusterConfig quorum = ClusterConfig.builder()
                .name("main")
                .topology(Clusters.colocated(3).topology())
                .patroni(p -> p.synchronousMode(SynchronousMode.QUORUM))
                .build();

        assertThat(rule(new FixedPlanContext(quorum, "bookworm"), "patroni:quorum")
                        .judge()
                        .apply("asked"))
                .isPresent();
        assertThat(rule(new FixedPlanContext(quorum, "trixie"), "patroni:quorum")
                        .judge()
                        .apply("asked"))
                .isEmpty();
    }

    @Test
    void aParameterReplacesPghasOwnHoweverItIsSpelt() {
        ClusterConfig spelt = Clusters.colocated(
                1,
                pg -> pg.parameter("Max_Connections", 300)
                        .parameter("WORK_MEM", "8MB")
                        .parameter("timezone", "UTC")
                        .parameter("Pg_Stat_Statements.Max", 1000));

        assertThat(ServerParameters.of(new FixedPlanContext(spelt, "trixie")))
                .containsEntry("max_connections", 300)
                .containsEntry("work_mem", "8MB")
                .containsEntry("TimeZone", "UTC")
                .containsEntry("Pg_Stat_Statements.Max", 1000)
                .doesNotContainKeys("Max_Connections", "WORK_MEM", "timezone");
    }

    /** The rules of a configuration count with pgha's own default, which they only know by heart. */
    @Test
    void theDefaultThatConfigurationsAreCheckedAgainstIsTheOneThatIsWritten() {
        int most = (Integer) ServerParameters.of(context).get("max_connections");
        assertThat(Clusters.colocated(1, pg -> pg.parameter("superuser_reserved_connections", most - 1)))
                .isNotNull();
        assertThatThrownBy(() -> Clusters.colocated(1, pg -> pg.parameter("superuser_reserved_connections", most)))
                .hasMessageContaining("max_connections (" + most + ")");
    }

    @Test
    void memoryIsSharedOutByTheSmallestMachine() {
        assertThat(ServerParameters.of(context)).containsEntry("shared_buffers", "1GB");
        HostFacts facts = context.facts(config.node("db-01"));
        assertThat(facts.memoryBytes()).isEqualTo(4L << 30);
    }

    private static PreflightRule rule(PlanContext context, String id) {
        return PatroniComponent.create().preflight(context).stream()
                .filter(rule -> rule.probe().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Stream<Resource> all() {
        return component.stages(context).stream()
                .flatMap(stage -> stage.lanes().values().stream())
                .flatMap(List::stream);
    }

    private Resource resource(String id) {
        return all().filter(resource -> resource.id().equals(id)).findFirst().orElseThrow();
    }

    private List<Resource> resources(String stage, String node) {
        Optional<StageSpec> found = component.stages(context).stream()
                .filter(spec -> spec.title().equals(stage))
                .findFirst();
        Node there = config.node(node);
        return found.orElseThrow().lanes().getOrDefault(there, List.of());
    }

    private static String syntaxErrors(Path directory, String script) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("script.sh"), script);
        Process sh = new ProcessBuilder("sh", "-n", file.toString())
                .redirectErrorStream(true)
                .start();
        String errors = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return sh.waitFor() == 0 ? "" : "failed: " + errors;
    }
}
