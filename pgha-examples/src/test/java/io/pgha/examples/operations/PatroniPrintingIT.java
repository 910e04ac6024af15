package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.Problem;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.ExecResult;
import io.pgha.examples.lab.LabHost;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.config.ConfigPreview;
import io.pgha.patroni.config.ConfigRefusedException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.config.EditConfigResult;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.Formats;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.watch.ClusterEvent;
import io.pgha.patroni.watch.Watch;
import io.pgha.plan.Impact;
import io.pgha.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the client of Patroni shows, edits, asks and watches, against patronictl and PostgreSQL on the hosts themselves.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PatroniPrintingIT {
    private static final String PATRONICTL = "patronictl -c /etc/patroni/patroni.yaml ";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ObjectMapper json = new ObjectMapper();
    private LabCluster lab;
    private ClusterConfig config;
    private PgHa pgha;
    private PatroniClient patroni;

    @BeforeAll
    void open(LabCluster found) {
        lab = found;
        config = lab.config();
        pgha = lab.open();
        Cluster cluster = pgha.cluster(config);
        patroni = Patroni.client(cluster);
    }

    @AfterAll
    void close() {
        patroni.close();
        pgha.close();
    }

    private interface Check {
        void run() throws Exception;
    }

    /** Lags and states move on between two looks; what is compared must agree within a while. */
    private static void eventually(Check check) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                check.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    /**
     * What patronictl prints without the line's end; a last column that is empty leaves a tab before it, which counts.
     */
    private String patronictl(String command) throws InterruptedException {
        ExecResult result = lab.host(config.postgresNodes().get(1)).exec(PATRONICTL + command);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.out().replaceFirst("\\n+$", "");
    }

    private List<LabHost> hosts() {
        List<LabHost> hosts = new ArrayList<>();
        for (Node node : config.postgresNodes()) {
            hosts.add(lab.host(node));
        }
        return hosts;
    }

    @Test
    void printsTheListFieldByFieldAndInEveryFormat() throws Exception {
        eventually(() -> {
            ClusterView view = patroni.view();
            String theirs = patronictl("list -f json");
            assertThat(json.readTree(Formats.json(view))).isEqualTo(json.readTree(theirs));
            assertThat(Formats.json(view)).isEqualTo(theirs);
        });
        eventually(() -> assertThat(Formats.table(patroni.view())).isEqualTo(patronictl("list")));
        eventually(() -> assertThat(Formats.tsv(patroni.view())).isEqualTo(patronictl("list -f tsv")));
        eventually(() -> assertThat(Formats.yaml(patroni.view()).strip()).isEqualTo(patronictl("list -f yaml")));
        eventually(() -> assertThat(Formats.topology(patroni.view())).isEqualTo(patronictl("topology")));
    }

    @Test
    void printsHistoryAndConfiguration() throws Exception {
        assertThat(Formats.table(patroni.history())).isEqualTo(patronictl("history"));
        assertThat(Formats.json(patroni.history())).isEqualTo(patronictl("history -f json"));
        assertThat(Formats.tsv(patroni.history())).isEqualTo(patronictl("history -f tsv"));
        assertThat(patroni.showConfig().yaml().strip()).isEqualTo(patronictl("show-config"));
        assertThat(patroni.dsn(MemberSelector.LEADER)).hasToString(patronictl("dsn"));
        assertThat(patroni.dsn("postgres-03")).hasToString(patronictl("dsn -m postgres-03"));
    }

    @Test
    void editsTheConfigurationAndSaysWhoWaitsForARestart() throws Exception {
        DynamicConfig found = patroni.showConfig();
        String line = "hostssl nobody nobody 203.0.113.0/24 scram-sha-256";

        ConfigPreview preview =
                patroni.previewConfig(c -> c.parameter("work_mem", "24MB").appendPgHba(line));
        assertThat(preview.impact()).isEqualTo(Impact.RELOAD);
        assertThat(preview.diff().unified()).contains("-    work_mem: 16MB", "+    work_mem: 24MB", "+  - " + line);
        assertThat(patroni.showConfig()).isEqualTo(found);

        EditConfigResult result = patroni.editConfig(preview);
        assertThat(result.changed()).isTrue();
        assertThat(result.unconfirmed()).isEmpty();
        assertThat(result.pendingRestart()).isEmpty();
        eventually(() -> {
            for (LabHost host : hosts()) {
                assertThat(LabCluster.sql(host, "show work_mem")).isEqualTo("24MB");
                assertThat(LabCluster.sql(host, "select count(*) from pg_hba_file_rules where address = '203.0.113.0'"))
                        .isEqualTo("1");
            }
        });

        EditConfigResult restart = patroni.editConfig(c -> c.parameter("max_connections", 210));
        assertThat(restart.impact()).isEqualTo(Impact.ROLLING_RESTART);
        assertThat(restart.pendingRestart()).containsOnlyKeys("postgres-01", "postgres-02", "postgres-03");
        eventually(() -> assertThat(json.readTree(Formats.json(patroni.view())))
                .isEqualTo(json.readTree(patronictl("list -f json"))));
        eventually(() -> assertThat(Formats.table(patroni.view()))
                .isEqualTo(patronictl("list"))
                .contains("Pending restart"));

        EditConfigResult undone = patroni.editConfig(c -> c.replace(found.json()));
        assertThat(undone.after()).isEqualTo(found);
        eventually(() -> assertThat(patroni.view().members()).noneMatch(MemberView::pendingRestart));
        assertThat(patroni.showConfig()).isEqualTo(found);
        eventually(() -> {
            for (LabHost host : hosts()) {
                assertThat(LabCluster.sql(host, "show work_mem")).isEqualTo("16MB");
            }
        });
    }

    @Test
    void appliesAndReplacesFilesAsPatronictlDoes(@TempDir Path directory) throws Exception {
        DynamicConfig found = patroni.showConfig();
        Path whole = Files.writeString(directory.resolve("whole.yaml"), patronictl("show-config"));
        Path patch = Files.writeString(directory.resolve("patch.yaml"), """
                postgresql:
                  parameters:
                    work_mem: 24MB
                    checkpoint_timeout: null
                slots:
                  archive: {type: physical}
                """);
        String checkpoint = found.parameters().get("checkpoint_timeout");
        assertThat(checkpoint).as("something to remove").isNotNull();

        EditConfigResult applied = patroni.editConfig(c -> c.apply(patch));
        assertThat(applied.diff().unified())
                .contains("+    work_mem: 24MB", "-    checkpoint_timeout: " + checkpoint, "+  archive:");
        assertThat(patroni.showConfig().yaml().strip()).isEqualTo(patronictl("show-config"));
        eventually(() -> {
            for (LabHost host : hosts()) {
                assertThat(LabCluster.sql(host, "show work_mem; show checkpoint_timeout"))
                        .isEqualTo("24MB\n5min");
            }
            assertThat(lab.onLeader("select slot_type from pg_replication_slots where slot_name = 'archive'"))
                    .isEqualTo("physical");
        });
        assertThat(patroni.editConfig(c -> c.apply("{postgresql: {parameters: {work_mem: 32MB}}}"))
                        .after()
                        .parameters())
                .containsEntry("work_mem", "32MB");

        assertThat(patroni.editConfig(c -> c.replace(whole)).after()).isEqualTo(found);
        assertThat(patroni.showConfig()).isEqualTo(found);
        eventually(() -> {
            for (LabHost host : hosts()) {
                assertThat(LabCluster.sql(host, "show work_mem; show checkpoint_timeout"))
                        .isEqualTo("16MB\n" + checkpoint);
            }
            assertThat(lab.onLeader("select count(*) from pg_replication_slots where slot_name = 'archive'"))
                    .isEqualTo("0");
        });
    }

    @Test
    void refusesWhatPatroniWouldTakeWithoutAWord() throws Exception {
        String before = patronictl("show-config");
        assertThatExceptionOfType(ConfigRefusedException.class)
                .isThrownBy(() ->
                        patroni.editConfig(c -> c.ttl(Duration.ofSeconds(5)).set("slots", List.of("a"))))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(Problem::code)
                        .contains("patroni.config.range", "patroni.config.slots"));
        assertThat(patronictl("show-config")).isEqualTo(before);
    }

    @Test
    void asksEveryMemberAndTheVirtualAddress() throws Exception {
        String who = "select host(inet_server_addr()) as address, inet_server_port() as port,"
                + " pg_is_in_recovery() as standby, (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls,"
                + " ?::int + 1 as sum, null::text as nothing, '{\"a\": 1}'::jsonb as document";
        for (Node node : config.postgresNodes()) {
            QueryResult result = patroni.query(q -> q.sql(who).parameter(41).member(node.name()));
            assertThat(result.rows()).singleElement().satisfies(row -> {
                assertThat(row.text("address")).contains(node.address());
                assertThat(row.integer("port")).contains(5432L);
                assertThat(row.integer("sum")).contains(42L);
                assertThat(row.value("tls", Boolean.class)).contains(true);
                assertThat(row.value("nothing")).isEmpty();
                assertThat(row.text("document")).contains("{\"a\": 1}");
            });
        }
        QueryResult leader = patroni.query(q -> q.sql("select pg_is_in_recovery() as standby"));
        assertThat(leader.rows().get(0).value("standby", Boolean.class)).contains(false);
        QueryResult replica = patroni.query(
                q -> q.sql("select pg_is_in_recovery() as standby").role(MemberSelector.REPLICA));
        assertThat(replica.rows().get(0).value("standby", Boolean.class)).contains(true);
        QueryResult vip = patroni.query(q -> q.sql("select pg_is_in_recovery() as standby")
                .through(
                        config.topology().vips().get(0).address(),
                        config.haproxy().readWritePort()));
        assertThat(vip.rows().get(0).value("standby", Boolean.class)).contains(false);

        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(() -> patroni.query(q -> q.sql("select * from nowhere")))
                .satisfies(e -> assertThat(e.sqlState()).contains("42P01"));
        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(() -> patroni.query(
                        q -> q.sql("select 1").username("postgres").password(Secret.of("wrong"))))
                .satisfies(e -> assertThat(e.sqlState()).contains("28P01"));
        assertThatExceptionOfType(QueryFailedException.class)
                .isThrownBy(
                        () -> patroni.query(q -> q.sql("select pg_sleep(60)").timeout(Duration.ofSeconds(2))))
                .withMessageContaining("no answer within 2 s");
        assertThat(patroni.query(q -> q.sql("create temporary table t as select generate_series(1, 7) as n"))
                        .updated())
                .isEqualTo(7);
    }

    @Test
    void watchesASwitchoverAndAnEdit() throws Exception {
        BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();
        DynamicConfig found = patroni.showConfig();
        // What comes within the wait comes because etcd tells of it.
        try (Watch watch = patroni.watch(w -> w.interval(Duration.ofHours(1)), events::add)) {
            eventually(() -> assertThat(watch.toString()).contains("Cluster: "));
            String next = patroni.switchover(s -> s).to();
            assertThat(await(events, ClusterEvent.LeaderChanged.class, "to=Optional[" + next + "]"))
                    .isTrue();
            patroni.editConfig(c -> c.set("maximum_lag_on_failover", 2_097_152));
            assertThat(await(events, ClusterEvent.ConfigChanged.class, "maximum_lag_on_failover"))
                    .isTrue();
            assertThat(events).doesNotHaveAnyElementsOfTypes(ClusterEvent.Unreachable.class);
        } finally {
            patroni.editConfig(c -> c.replace(found.json()));
        }
        assertThat(Formats.table(patroni.history())).isEqualTo(patronictl("history"));
        eventually(() -> assertThat(patroni.view().replicas())
                .allMatch(member -> member.running() && member.lag().isPresent()));
    }

    private static boolean await(BlockingQueue<ClusterEvent> events, Class<?> type, String... words)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            ClusterEvent event = events.poll(1, TimeUnit.SECONDS);
            if (type.isInstance(event)
                    && List.of(words).stream().allMatch(word -> event.toString().contains(word))) {
                return true;
            }
        }
        return false;
    }
}
