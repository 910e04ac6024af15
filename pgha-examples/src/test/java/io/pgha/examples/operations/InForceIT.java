package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.host.ShellQuote;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.config.EditConfigResult;
import io.pgha.plan.PreflightFailedException;
import io.pgha.plan.Step;
import io.pgha.resource.HttpsRequest;
import io.pgha.run.RunFailedException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is not in force, whoever has seen to that: plans show it, runs fail by it, and the cure ends in an empty plan.
 */
@ClusterTest
@Tag("bookworm-only")
class InForceIT {
    private final LabCluster lab;
    private final PatroniHosts hosts;
    private PgHa pgha;
    private Cluster cluster;

    InForceIT(LabCluster lab) {
        this.lab = lab;
        this.hosts = new PatroniHosts(lab);
    }

    @BeforeEach
    void open() {
        pgha = lab.open();
        cluster = pgha.cluster(lab.config());
    }

    @AfterEach
    void close() {
        pgha.close();
    }

    /** What plans find not to be in force, with the host. */
    private List<String> reasons() throws InterruptedException {
        return cluster.plan().steps().stream()
                .filter(step -> step.resource().equals("patroni:in-force"))
                .map(step -> step.node() + ": " + step.reason())
                .toList();
    }

    private void awaitReasons(int hosts, String reason) throws InterruptedException {
        LabCluster.await(
                hosts + " hosts say " + reason,
                () -> reasons().stream().filter(one -> one.contains(reason)).count() == hosts,
                () -> String.join("\n", reasons()));
    }

    private RunFailedException failure() throws InterruptedException {
        RunFailedException failure = catchThrowableOfType(
                RunFailedException.class, () -> cluster.plan().apply());
        assertThat(failure.code()).isEqualTo("postgres.not-in-force");
        assertThat(cluster.plan().isEmpty()).isFalse();
        return failure;
    }

    @Test
    void whatAlterSystemOverridesFailsEveryRunUntilItIsReset() throws Exception {
        LabHost host = lab.leader();
        LabCluster.sql(host, "alter system set work_mem = '8MB'");
        awaitReasons(1, host.name() + ": work_mem is not 16MB: ALTER SYSTEM has set it to 8MB on this host");

        RunFailedException failure = failure();
        assertThat(failure.node()).contains(host.name());
        assertThat(failure)
                .hasMessageContaining("ALTER SYSTEM has set it to 8MB")
                .hasMessageContaining("psql -c 'ALTER SYSTEM RESET work_mem'");
        assertThat(LabCluster.sql(host, "show work_mem")).as("the run's reload").isEqualTo("8MB");

        LabCluster.sql(host, "alter system reset work_mem");
        awaitReasons(1, "PostgreSQL has not read its configuration since that was written");
        cluster.plan().apply();
        assertThat(LabCluster.sql(host, "show work_mem")).isEqualTo("16MB");
        assertThat(lab.remainder()).isEmpty();
    }

    @Test
    void whatPatroniLeavesOutIsShownWithItsJournal() throws Exception {
        hosts.patronictl("edit-config -q --force -p work_mem=64mb -p maintenance_io_concurrency=ten");
        awaitReasons(3, "maintenance_io_concurrency is 10, not ten: Patroni has left it out");
        assertThat(lab.remainder())
                .as("what the configuration asks for is a difference of its own")
                .anyMatch(step -> step.endsWith("change the dynamic configuration: work_mem differs"));

        assertThat(failure()).hasMessageContaining("set there by hand").hasMessageContaining("invalid value=ten");
        assertThat(hosts.sql("show work_mem").values())
                .as("what the configuration asks for is put right")
                .containsOnly("16MB");

        hosts.patronictl("edit-config -q --force -p maintenance_io_concurrency=null");
        LabCluster.await("Patroni has taken that back", () -> reasons().isEmpty());
        cluster.plan().apply();
        assertThat(lab.remainder()).isEmpty();
    }

    /** Names of resource managers are known to the server alone. */
    @Test
    void anEditTellsWhatPostgresCannotTake() throws Exception {
        try (PatroniClient patroni = Patroni.client(cluster)) {
            EditConfigResult refused = patroni.editConfig(c -> c.parameter("wal_consistency_checking", "no_such_one"));
            assertThat(refused.complaints().keySet())
                    .containsExactlyInAnyOrderElementsOf(lab.config().postgresNodes().stream()
                            .map(Node::name)
                            .toList());
            assertThat(refused.complaints().values())
                    .allSatisfy(told ->
                            assertThat(told).containsExactly("wal_consistency_checking: setting could not be applied"));
            assertThat(refused.toString())
                    .contains("cannot take it, and would not start again: wal_consistency_checking");

            EditConfigResult undone = patroni.editConfig(c -> c.removeParameter("wal_consistency_checking"));
            assertThat(undone.complaints()).isEmpty();
        }
        assertThat(lab.remainder()).isEmpty();
    }

    @Test
    void rulesThatPostgresCannotReadAreShownAndPutRight() throws Exception {
        ArrayNode rules = (ArrayNode) dynamic().at("/postgresql/pg_hba");
        rules.insert(0, "hostssl all all 10.9.0.0/16 scram-sha256");
        hosts.patronictl(
                "edit-config -q --force --apply - <<'END'\n{\"postgresql\": {\"pg_hba\": " + rules + "}}\nEND\ntrue");
        awaitReasons(3, "invalid authentication method \"scram-sha256\"");

        cluster.plan().apply();
        assertThat(hosts.sql("select count(*) from pg_hba_file_rules where error is not null")
                        .values())
                .containsOnly("0");
        assertThat(lab.remainder()).isEmpty();
    }

    @Test
    void aFileChangedByHandIsWrittenAnew() throws Exception {
        LabHost host = lab.leader();
        String file = LabCluster.sql(host, "show hba_file");
        host.exec("echo 'host all all all trust' >>" + ShellQuote.quote(file)).text();
        awaitReasons(
                1,
                host.name() + ": pg_hba.conf has other rules than those asked for (there is: host all all all trust)");

        cluster.plan().apply();
        assertThat(host.exec("grep -c 'all all all trust' " + ShellQuote.quote(file) + "; true")
                        .text())
                .isEqualTo("0");
        assertThat(lab.remainder()).isEmpty();
    }

    @Test
    void whatARoleHasOfItsOwnIsNobodysBusiness() throws Exception {
        lab.onLeader("alter role postgres set work_mem = '7MB'");
        lab.onLeader("alter database postgres set random_page_cost = 3");
        try {
            assertThat(lab.remainder()).isEmpty();
        } finally {
            lab.onLeader("alter role postgres reset work_mem");
            lab.onLeader("alter database postgres reset random_page_cost");
        }
    }

    @Test
    void aLibraryThatIsNotThereIsRefusedOnEveryMember() throws Exception {
        ClusterConfig monitored = ClusterConfig.builder()
                .from(lab.config())
                .postgres(pg -> pg.from(lab.config().postgres())
                        .parameter("shared_preload_libraries", "pg_stat_statements, pg_no_such_thing"))
                .build();
        PreflightFailedException refusal = catchThrowableOfType(
                PreflightFailedException.class, () -> pgha.cluster(monitored).plan());
        assertThat(refusal.problems())
                .hasSize(3)
                .allMatch(problem -> problem.code().equals("preflight.library-missing")
                        && problem.message().contains("pg_no_such_thing.so")
                        && !problem.message().contains("pg_stat_statements"));
        ClusterConfig bundled = ClusterConfig.builder()
                .from(lab.config())
                .postgres(pg ->
                        pg.from(lab.config().postgres()).parameter("shared_preload_libraries", "pg_stat_statements"))
                .build();
        assertThat(pgha.cluster(bundled).plan().steps())
                .extracting(Step::resource)
                .contains("patroni:pending-restart")
                .doesNotContain("patroni:libraries");
    }

    private JsonNode dynamic() throws Exception {
        LabHost host = lab.host(lab.config().postgresNodes().get(0));
        String answer = host.exec(HttpsRequest.to("GET /config")
                        .address(host.address())
                        .port(8008)
                        .trust("/etc/patroni/tls/ca.crt")
                        .build()
                        .render())
                .text();
        return new ObjectMapper().readTree(answer.substring(answer.indexOf('{')));
    }
}
