package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.internal.operation.VersionOperation;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.operation.HealthCheck;
import io.pgha.patroni.operation.HealthResult;
import io.pgha.patroni.view.MemberVersion;
import io.pgha.patroni.view.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, health checks and metrics. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientHealthTest {
    static final List<String> versions = Wire.VERSIONS;

    private FakeCluster cluster = new FakeCluster("4.1.4");

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private void version(String version) throws IOException {
        cluster.close();
        cluster = new FakeCluster(version);
    }

    @ParameterizedTest
    @FieldSource("versions")
    void tellsTheVersionsOfEveryMember(String version) throws Exception {
        version(version);
        cluster.server("pg3").stop();
        cluster.status("pg2", "{\"state\": \"stopped\", \"role\": \"replica\", \"patroni\": {\"version\": \"3.0.2\"}}");
        try (PatroniClient client = cluster.client()) {
            List<MemberVersion> all = client.version();

            assertThat(all.get(0)).hasToString("pg1: Patroni " + version + " PostgreSQL 17.6");
            assertThat(all.get(1)).hasToString("pg2: Patroni 3.0.2");
            assertThat(all.get(2).toString()).startsWith("pg3: failed to get version: no connection");
        }
    }

    @Test
    void writesVersionsOfPostgresAsPeopleDo() {
        assertThat(VersionOperation.postgres(170006)).isEqualTo("17.6");
        assertThat(VersionOperation.postgres(100001)).isEqualTo("10.1");
        assertThat(VersionOperation.postgres(90624)).isEqualTo("9.6.24");
    }

    @ParameterizedTest
    @EnumSource
    void everyCheckIsAskedWherePatroniAnswersIt(HealthCheck check) throws Exception {
        cluster.server("pg1").on("GET " + check.path(), statusOnlyOr(check, 200, cluster.status("pg1")));
        cluster.server("pg2").on("GET " + check.path(), statusOnlyOr(check, 503, cluster.status("pg2")));
        cluster.server("pg3").stop();
        try (PatroniClient client = cluster.client()) {
            List<HealthResult> results = client.health(h -> h.check(check));

            assertThat(results).extracting(HealthResult::member).containsExactly("pg2", "pg3", "pg1");
            assertThat(results).extracting(HealthResult::passes).containsExactly(false, false, true);
            assertThat(results.get(0).status()).hasValue(503);
            assertThat(results.get(1).status()).isEmpty();
            assertThat(results.get(1).toString()).startsWith("pg3: " + check.path() + " no answer (no connection");
        }
    }

    /** As Patroni: /liveness and /readiness are a status line and nothing else. */
    private static ScriptedPatroni.Behaviour statusOnlyOr(HealthCheck check, int status, String document) {
        return check == HealthCheck.LIVENESS || check == HealthCheck.READINESS
                ? (request, socket) -> socket.getOutputStream()
                        .write(("HTTP/1.0 " + status + " x\r\n\r\n").getBytes(StandardCharsets.US_ASCII))
                : ScriptedPatroni.body(status, "application/json", document);
    }

    @Test
    void filtersTravelInTheQuery() throws Exception {
        String query = "GET /replica?lag=1048576&tag_zone=a%26b+c";
        cluster.server("pg2").on(query, ScriptedPatroni.json(cluster.status("pg2")));
        try (PatroniClient client = cluster.client()) {
            assertThat(client.health(h -> h.check(HealthCheck.REPLICA)
                            .member("pg2")
                            .maximumLag(1048576)
                            .tag("zone", "a&b c")))
                    .singleElement()
                    .hasToString("pg2: /replica 200 (replica, running)");
            assertThatExceptionOfType(InvalidConfigException.class)
                    .isThrownBy(() ->
                            client.health(h -> h.check(HealthCheck.PRIMARY).maximumLag(1)));
        }
    }

    @ParameterizedTest
    @FieldSource("versions")
    void aVersionIsNotAskedForAnswersThatMeanSomethingElse(String version) throws Exception {
        version(version);
        PatroniVersion patroni = Wire.version(version);
        cluster.on("GET /read-only-quorum", ScriptedPatroni.json(cluster.status("pg2")));
        cluster.on("GET /readiness?lag=10", statusOnlyOr(HealthCheck.READINESS, 200, ""));
        try (PatroniClient client = cluster.client()) {
            if (patroni.has(Feature.QUORUM_CHECKS)) {
                assertThat(client.health(h -> h.check(HealthCheck.READ_ONLY_QUORUM)))
                        .allMatch(HealthResult::passes);
            } else {
                assertThatExceptionOfType(PatroniException.class)
                        .isThrownBy(() -> client.health(h -> h.check(HealthCheck.READ_ONLY_QUORUM)))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unsupported"))
                        .withMessageContaining("needs Patroni 4.0.0 or later");
            }
            if (patroni.has(Feature.READINESS_LAG)) {
                assertThat(client.health(h -> h.check(HealthCheck.READINESS).maximumLag(10)))
                        .allMatch(HealthResult::passes);
            } else {
                assertThatExceptionOfType(PatroniException.class)
                        .isThrownBy(() -> client.health(
                                h -> h.check(HealthCheck.READINESS).maximumLag(10)))
                        .withMessageContaining("needs Patroni 4.1.0 or later");
            }
        }
    }

    @Test
    void aPageOfSomethingElseDoesNotPass() throws Exception {
        cluster.on("GET /liveness", ScriptedPatroni.page(200, "welcome"));
        cluster.on("GET /primary", ScriptedPatroni.page(200, "welcome"));
        try (PatroniClient client = cluster.client()) {
            assertThat(client.health(h -> h.check(HealthCheck.LIVENESS))).noneMatch(HealthResult::passes);
            assertThat(client.health(h -> h.check(HealthCheck.PRIMARY)))
                    .noneMatch(HealthResult::passes)
                    .allSatisfy(one -> assertThat(one.explanation()).isEqualTo("answered with an HTML error page"));
        }
    }

    @Test
    void metricsByTheirNames() throws Exception {
        cluster.server("pg1").on("GET /metrics", ScriptedPatroni.body(200, "text/plain", """
                        # HELP patroni_version Patroni semver without periods.
                        # TYPE patroni_version gauge
                        patroni_version{scope="batman",name="pg1"} 040104
                        patroni_postgres_running{scope="batman",name="pg1"} 1
                        patroni_postmaster_start_time{scope="batman",name="pg1"} 1795428000.123456
                        patroni_postgres_server_version {scope="batman",name="pg1"} 170006
                        patroni_xlog_location{scope="bat\\\\m\\"an\\n",name="pg,1"} 67108960
                        # Values: 0 initdb
                        patroni_postgres_state{scope="batman",name="pg1"} -1
                        patroni_odd +Inf
                        """));
        try (PatroniClient client = cluster.client()) {
            Metrics metrics = client.metrics("pg1");

            assertThat(metrics.value("patroni_version")).hasValue(40104);
            assertThat(metrics.value("patroni_postgres_server_version")).hasValue(170006);
            assertThat(metrics.value("patroni_postmaster_start_time")).hasValue(1795428000.123456);
            assertThat(metrics.value("patroni_postgres_state")).hasValue(-1);
            assertThat(metrics.value("patroni_odd")).hasValue(Double.POSITIVE_INFINITY);
            assertThat(metrics.value("patroni_failsafe_member")).isEmpty();
            assertThat(metrics.on("patroni_postgres_running")).isTrue();
            assertThat(metrics.on("patroni_pending_restart")).isFalse();
            assertThat(metrics.samples().get(4).labels())
                    .containsEntry("scope", "bat\\m\"an\n")
                    .containsEntry("name", "pg,1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html></html>",
                "{\"a\": 1}",
                "patroni_version{scope=\"x\" 1",
                "patroni_version one",
                "patroni_version{scope=x} 1",
                "up 1"
            })
    void whatIsNoMetricIsTold(String body) throws Exception {
        cluster.on("GET /metrics", ScriptedPatroni.body(200, "text/plain", body));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.metrics("pg2"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.bad-answer"));
        }
    }
}
