package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.config.ConfigPreview;
import io.pgha.patroni.config.ConfigRefusedException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.config.EditConfigResult;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.plan.Impact;
import io.pgha.port.DistributedConfigStore;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.MaintenanceGate;
import io.pgha.testing.MovableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits of the dynamic configuration, against members that merge as Patroni does and against a store. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class EditConfigTest {
    private static final String CONFIG = "{\"ttl\": 30, \"loop_wait\": 10, \"retry_timeout\": 10,"
            + " \"maximum_lag_on_failover\": 1048576, \"postgresql\": {\"use_slots\": true, \"pg_hba\": [\"local all all"
            + " peer\", \"hostssl replication,all all all md5\"], \"parameters\": {\"max_connections\": 100, \"work_mem\": \"16MB\"}}}";

    private final FakeCluster cluster = new FakeCluster("4.0.7");
    private ObjectNode stored = ConfigText.read(CONFIG);

    EditConfigTest() {
        cluster.on(
                "GET /config",
                (request, socket) -> ScriptedPatroni.json(stored().toString()).answer(request, socket));
        cluster.on("PATCH /config", (request, socket) -> {
            merge(request.body());
            ScriptedPatroni.json(stored().toString()).answer(request, socket);
        });
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private synchronized ObjectNode stored() {
        return stored.deepCopy();
    }

    private synchronized void merge(String patch) {
        ConfigMerge.apply(stored, ConfigText.read(patch));
    }

    private long patches() {
        return List.of("pg1", "pg2", "pg3").stream()
                .mapToLong(name -> cluster.server(name).count("PATCH /config"))
                .sum();
    }

    @Test
    void showsWhatIsThereTypedAndAsYaml() throws Exception {
        try (PatroniClient client = cluster.client()) {
            DynamicConfig config = client.showConfig();

            assertThat(config.ttl()).isEqualTo(Duration.ofSeconds(30));
            assertThat(config.synchronousMode()).isEqualTo(SynchronousMode.OFF);
            assertThat(config.parameters()).containsEntry("work_mem", "16MB").containsEntry("max_connections", "100");
            assertThat(config.pgHba()).containsExactly("local all all peer", "hostssl replication,all all all md5");
            assertThat(config.value("postgresql.use_slots")).contains("true");
            assertThat(config.yaml()).isEqualTo("""
                    loop_wait: 10
                    maximum_lag_on_failover: 1048576
                    postgresql:
                      parameters:
                        max_connections: 100
                        work_mem: 16MB
                      pg_hba:
                      - local all all peer
                      - hostssl replication,all all all md5
                      use_slots: true
                    retry_timeout: 10
                    ttl: 30
                    """);
        }
    }

    @Test
    void previewsWithoutTouchingAnything() throws Exception {
        try (PatroniClient client = cluster.client()) {
            ConfigPreview preview = client.previewConfig(
                    c -> c.parameter("max_connections", 300).parameter("log_connections", true));

            assertThat(preview.impact()).isEqualTo(Impact.ROLLING_RESTART);
            assertThat(preview.restartParameters()).containsExactly("max_connections");
            assertThat(preview.problems()).isEmpty();
            assertThat(preview.diff().unified())
                    .contains("-    max_connections: 100", "+    max_connections: 300", "+    log_connections: 'on'");
            assertThat(patches()).isZero();
        }
    }

    @Test
    void aKeyOfPatronisAmongTheParametersIsSentToTheTop() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThat(client.previewConfig(c -> c.parameter("ttl", 30)).problems())
                    .singleElement()
                    .hasToString("ttl is no parameter of PostgreSQL; it belongs at the top level of the dynamic"
                            + " configuration\n  To fix: Move it there.");
        }
    }

    @Test
    void whatMeansTheSameNeedsNoRestart() throws Exception {
        try (PatroniClient client = cluster.client()) {
            client.editConfig(c -> c.parameter("wal_level", "replica")
                    .parameter("shared_buffers", "5GB")
                    .parameter("logging_collector", true));

            ConfigPreview preview = client.previewConfig(c -> c.parameter("wal_level", "Replica")
                    .parameter("shared_buffers", "5120MB")
                    .parameter("logging_collector", "yes"));

            assertThat(preview.restartParameters()).isEmpty();
            assertThat(preview.impact()).isEqualTo(Impact.RELOAD);
            assertThat(preview.toString()).startsWith("Would change 3 values, impact RELOAD\n");
            assertThat(client.previewConfig(c -> c.parameter("wal_level", "logical"))
                            .toString())
                    .startsWith("Would change 1 value, impact ROLLING_RESTART\nRestart needed for: wal_level");
        }
    }

    @Test
    void aPreviewTellsOfASecretThatItChangesOnly() throws Exception {
        try (PatroniClient client = cluster.client()) {
            String line = "host all all 10.0.0.0/8 ldap ldapserver=h ldapbasedn=x ldapbindpasswd=";
            client.editConfig(
                    c -> c.appendPgHba(line + "\"OLD 1\"").parameter("archive_command", "PGPASSWORD='OLD 2' push %p"));
            ConfigPreview preview = client.previewConfig(c -> c.removePgHba(line + "\"OLD 1\"")
                    .appendPgHba(line + "NEW1")
                    .parameter("archive_command", "PGPASSWORD='NEW 2' push %p")
                    .parameter("app.api_token", "NEW $& 3")
                    .set("standby_cluster.password", "NEW 5")
                    .parameter("work_men", "PGPASSWORD=NEW4"));

            assertThat(preview.diff().unified())
                    .contains(
                            "-  - " + line + "****",
                            "+  - " + line + "**** (changed)",
                            "-    archive_command: PGPASSWORD=**** push %p",
                            "+    archive_command: PGPASSWORD=**** (changed) push %p",
                            "+    app.api_token: '****'");
            assertThat(preview.problems()).isNotEmpty();
            assertThat(preview + " " + preview.before() + preview.after()).doesNotContain("OLD", "NEW");
            assertThatThrownBy(() -> client.editConfig(preview)).asString().doesNotContain("OLD", "NEW");
        }
    }

    @Test
    void sendsTheSmallestPatchToTheLeaderAndReadsItBackEverywhere() throws Exception {
        try (PatroniClient client = cluster.client()) {
            EditConfigResult result = client.editConfig(c -> c.loopWait(Duration.ofSeconds(5))
                    .parameter("work_mem", "32MB")
                    .removeParameter("max_connections")
                    .appendPgHba("hostssl all all 10.0.0.0/8 scram-sha-256"));

            assertThat(result.changed()).isTrue();
            assertThat(result.unconfirmed()).isEmpty();
            assertThat(result.after().loopWait()).isEqualTo(Duration.ofSeconds(5));
            assertThat(cluster.server("pg1").received())
                    .filteredOn(request -> request.method().equals("PATCH"))
                    .singleElement()
                    .satisfies(request -> assertThat(ConfigText.read(request.body()))
                            .isEqualTo(ConfigText.read("{loop_wait: 5, postgresql: {parameters: {max_connections: null,"
                                    + " work_mem: 32MB}, pg_hba: [local all all peer, 'hostssl replication,all all all md5', hostssl all all 10.0.0.0/8"
                                    + " scram-sha-256]}}")))
                    .satisfies(request -> assertThat(request.headers()).containsKey("authorization"));
            for (String name : List.of("pg1", "pg2", "pg3")) {
                assertThat(cluster.server(name).count("GET /config")).isPositive();
            }
        }
    }

    @Test
    void sendsNothingWhereNothingChanges() throws Exception {
        try (PatroniClient client = cluster.client()) {
            EditConfigResult result =
                    client.editConfig(c -> c.ttl(Duration.ofSeconds(30)).parameter("work_mem", "16MB"));

            assertThat(result.changed()).isFalse();
            assertThat(result).hasToString("Not changed");
            assertThat(patches()).isZero();
        }
    }

    @Test
    void refusesWithEveryReasonAndSendsNothing() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(ConfigRefusedException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.ttl(Duration.ofSeconds(20))
                            .set("loopwait", 3)
                            .set("slots", List.of("a"))
                            .parameter("port", 5433)
                            .parameter("max_connections", 20)))
                    .satisfies(e -> assertThat(e.problems())
                            .extracting(Problem::code)
                            .containsExactlyInAnyOrder(
                                    "patroni.config.timing",
                                    "patroni.config.unknown",
                                    "patroni.config.slots",
                                    "patroni.config.parameter-owned",
                                    "patroni.config.parameter-range"))
                    .satisfies(e -> assertThat(e.problems())
                            .allSatisfy(p -> assertThat(p.remedy()).isNotBlank()));
            assertThat(patches()).isZero();
        }
    }

    @Test
    void triesAgainWhereAnotherWriterWasFaster() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        cluster.server("pg1").on("PATCH /config", (request, socket) -> {
            if (asked.incrementAndGet() < 3) {
                ScriptedPatroni.page(409, "Conflict").answer(request, socket);
            } else {
                merge(request.body());
                ScriptedPatroni.json(stored().toString()).answer(request, socket);
            }
        });
        try (PatroniClient client = cluster.client()) {
            assertThat(client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))).changed())
                    .isTrue();
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void aLostAnswerIsFoundOutByReading() throws Exception {
        cluster.server("pg1").on("PATCH /config", (request, socket) -> merge(request.body()));
        try (PatroniClient client = cluster.client()) {
            EditConfigResult result = client.editConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            assertThat(result.changed()).isTrue();
        }
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void aLostRequestIsUnknown() throws Exception {
        cluster.server("pg1").on("PATCH /config", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))));
        }
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void anAnswerThatReportsAnotherConfigurationIsNoProof() throws Exception {
        cluster.on("PATCH /config", ScriptedPatroni.json(CONFIG));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.bad-answer"));
        }
    }

    @Test
    void wrongPasswordsAreToldAndNotTriedElsewhere() throws Exception {
        cluster.on("PATCH /config", ScriptedPatroni.text(401, "not authenticated"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unauthorized"));
        }
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void aPreviewIsMadeTrueOrNotAtAll() throws Exception {
        try (PatroniClient client = cluster.client()) {
            ConfigPreview preview = client.previewConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            merge("{retry_timeout: 9}");

            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.editConfig(preview))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.config-conflict"));
            assertThat(patches()).isZero();

            ConfigPreview fresh = client.previewConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            assertThat(client.editConfigAsync(fresh).get(30, TimeUnit.SECONDS).changed())
                    .isTrue();
            assertThat(stored().path("loop_wait").asInt()).isEqualTo(9);
        }
    }

    @Test
    void aMemberThatDoesNotFollowIsNamed() throws Exception {
        cluster.server("pg3").on("GET /config", ScriptedPatroni.json(CONFIG));
        try (PatroniClient client = cluster.client()) {
            EditConfigResult result =
                    client.editConfig(c -> c.loopWait(Duration.ofSeconds(9)).awaitMembers(Duration.ofSeconds(1)));
            assertThat(result.unconfirmed()).containsOnlyKeys("pg3");
            assertThat(result.toString()).contains("Not confirmed by pg3: it still works with the old");
        }
    }

    @Test
    void saysWhoWaitsForARestart() throws Exception {
        cluster.on("PATCH /config", (request, socket) -> {
            merge(request.body());
            for (String name : List.of("pg1", "pg2", "pg3")) {
                cluster.member(cluster.member(name)
                        .tags("{}, \"pending_restart\": true, \"pending_restart_reason\": {\"max_connections\":"
                                + " {\"old_value\": \"100\", \"new_value\": \"300\"}}"));
            }
            ScriptedPatroni.json(stored().toString()).answer(request, socket);
        });
        try (PatroniClient client = cluster.client()) {
            EditConfigResult result = client.editConfig(c -> c.parameter("max_connections", 300));
            assertThat(result.pendingRestart()).containsOnlyKeys("pg1", "pg2", "pg3");
            assertThat(result.pendingRestart().values()).containsOnly(List.of("max_connections"));
            assertThat(result.toString()).startsWith("Configuration changed, restart pending on pg1, pg2, pg3");
        }
    }

    /** A DCS with one key. */
    private final class Store extends StubStore {
        private long revision = 7;
        private int interferences;
        private boolean lost;
        private boolean down;
        private boolean closed;

        @Override
        public synchronized Versioned config() {
            return new Versioned(stored().toString(), revision);
        }

        @Override
        public synchronized boolean replaceConfig(Versioned expected, String json) {
            if (interferences > 0) {
                interferences--;
                revision++;
                merge("{maximum_lag_on_failover: " + (2_000_000 + interferences) + "}");
            }
            if (expected.revision() != revision) {
                return false;
            }
            if (down) {
                throw new PgHaException(Problem.of("etcd.unreachable", "No member answers", "Look."));
            }
            revision++;
            synchronized (EditConfigTest.this) {
                stored = ConfigText.read(json);
            }
            if (lost) {
                throw new PgHaException(Problem.of(DistributedConfigStore.OUTCOME_UNKNOWN, "No answer", "Look."));
            }
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private PatroniClient client(Store store) {
        PatroniClientOptions options = PatroniClientOptions.builder()
                .endpoint(cluster.server("pg1").url())
                .trust(cluster.identity.certificatePem())
                .build();
        return new PatroniClient(
                options,
                FakeCluster.FAST,
                new Backing(Optional.of(store), Optional.empty(), Optional.empty(), () -> {}));
    }

    @Test
    void comparesAndSetsWhereThereIsAStoreAndKeepsTheOthersChange() throws Exception {
        Store store = new Store();
        store.interferences = 2;
        try (PatroniClient client = client(store)) {
            EditConfigResult result = client.editConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            assertThat(result.changed()).isTrue();
        }
        assertThat(stored().path("loop_wait").asInt()).isEqualTo(9);
        assertThat(stored().path("maximum_lag_on_failover").asInt()).isEqualTo(2_000_000);
        assertThat(patches()).isZero();
        assertThat(store.closed).isTrue();
    }

    @Test
    void givesUpAgainstAWriterThatNeverStops() throws Exception {
        Store store = new Store();
        store.interferences = 1000;
        try (PatroniClient client = client(store)) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.config-conflict"));
        }
    }

    @Test
    void aPreviewIsComparedAndSetOnce() throws Exception {
        Store store = new Store();
        try (PatroniClient client = client(store)) {
            ConfigPreview preview = client.previewConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            store.interferences = 1;
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.editConfig(preview))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.config-conflict"));
            assertThat(stored().path("loop_wait").asInt()).isEqualTo(10);
        }
    }

    @Test
    void aWriteWhoseAnswerWasLostIsFoundOutByReading() throws Exception {
        Store store = new Store();
        store.lost = true;
        try (PatroniClient client = client(store)) {
            assertThat(client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))).changed())
                    .isTrue();
        }
    }

    @Test
    void aWriteThatWasNeverSentIsNotUnknown() throws Exception {
        Store store = new Store();
        store.down = true;
        try (PatroniClient client = client(store)) {
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.loopWait(Duration.ofSeconds(9))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("etcd.unreachable"));
        }
    }

    private PatroniClient closedFromNineToThree(MovableClock clock) {
        MaintenanceConfig closed = MaintenanceConfig.builder()
                .zone("Asia/Tokyo")
                .closed("09:00", "15:00")
                .build();
        return cluster.client(c -> c.maintenance(MaintenanceGate.of(closed, clock)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {pause: true} | A pause, which leaves nobody to take over, would
            {standby_cluster: {host: 10.0.0.9}} | A change of standby_cluster would
            {postgresql: {parameters: {max_connections: 300}}} | The restart that a change of max_connections needs would
            {postgresql: {parameters: null}} | The restart that a change of max_connections needs would
            """)
    void whatInterruptsIsNotSentWhileMaintenanceIsClosed(String edit, String why) throws Exception {
        try (PatroniClient client = closedFromNineToThree(new MovableClock("2026-11-24T02:00:00Z"))) {
            ConfigPreview preview = client.previewConfig(c -> c.apply(edit));
            assertThatExceptionOfType(MaintenanceClosedException.class)
                    .isThrownBy(() -> client.editConfig(c -> c.apply(edit)))
                    .withMessageStartingWith(why)
                    .withMessageContaining("Try again at 15:00 Asia/Tokyo");
            assertThatExceptionOfType(MaintenanceClosedException.class).isThrownBy(() -> client.editConfig(preview));
            assertThat(patches()).isZero();

            EditConfigResult result = client.editConfig(
                    c -> c.apply(edit).awaitMembers(Duration.ZERO).override("ticket 4711"));
            assertThat(result.overridden()).contains("ticket 4711");
            assertThat(result.toString()).contains("ticket 4711");
        }
        assertThat(patches()).isEqualTo(1);
    }

    @Test
    void whatInterruptsNobodyIsSentAtAnyTime() throws Exception {
        merge("{pause: true}");
        try (PatroniClient client = closedFromNineToThree(new MovableClock("2026-11-24T02:00:00Z"))) {
            EditConfigResult result = client.editConfig(c -> c.parameter("work_mem", "32MB")
                    .remove("pause")
                    .awaitMembers(Duration.ZERO)
                    .override("not needed"));
            assertThat(result.changed()).isTrue();
            assertThat(result.overridden()).isEmpty();
        }
        assertThat(stored().has("pause")).isFalse();
    }

    @Test
    void atNextOpeningItIsMadeOfWhatIsThereThen() throws Exception {
        MovableClock clock = new MovableClock("2026-11-24T02:00:00Z");
        try (PatroniClient client = closedFromNineToThree(clock)) {
            CompletableFuture<EditConfigResult> edit = client.editConfigAsync(c -> c.parameter("max_connections", 300)
                    .awaitMembers(Duration.ZERO)
                    .atNextOpening());
            assertThat(edit).isNotDone();
            merge("{ttl: 60}");
            assertThat(patches()).isZero();

            clock.set("2026-11-24T06:00:00Z");
            EditConfigResult result = edit.get(30, TimeUnit.SECONDS);
            assertThat(result.after().ttl()).isEqualTo(Duration.ofSeconds(60));
            assertThat(result.overridden()).isEmpty();
        }
        assertThat(stored().at("/postgresql/parameters/max_connections").asInt())
                .isEqualTo(300);
    }
}
