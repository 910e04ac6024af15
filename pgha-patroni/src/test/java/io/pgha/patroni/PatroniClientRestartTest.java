package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.view.MemberSelector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Restarts, reloads and what is scheduled of them: what is sent to each version, and what is made of every kind of
 * answer.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientRestartTest {
    static final List<String> versions = Wire.VERSIONS;
    private static final OffsetDateTime LATER = OffsetDateTime.parse("2099-01-01T10:00:00+02:00");

    private FakeCluster cluster = new FakeCluster("4.1.4");
    private PatroniRules rules = new PatroniRules(cluster);

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private void version(String version) throws IOException {
        cluster.close();
        cluster = new FakeCluster(version);
        rules = new PatroniRules(cluster);
    }

    private static List<String> outcomes(List<MemberResult> results) {
        return results.stream().map(one -> one.member() + " " + one.outcome()).toList();
    }

    @ParameterizedTest
    @FieldSource("versions")
    void restartsAllReplicasFirst(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            List<MemberResult> results = client.restart(r -> r);

            assertThat(outcomes(results)).containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
            assertThat(results.get(0).toString()).startsWith("pg2: done in ").endsWith("(restarted successfully)");
        }
        assertThat(rules.commands())
                .containsExactly("pg2 POST /restart {}", "pg3 POST /restart {}", "pg1 POST /restart {}");
    }

    @ParameterizedTest
    @FieldSource("versions")
    void asksInTheWordsOfEachVersion(String version) throws Exception {
        version(version);
        String leader = version.startsWith("3") ? "master" : "primary";
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.role(MemberSelector.LEADER)
                            .postgresVersion("17.7")
                            .timeout(Duration.ofSeconds(40)))))
                    .containsExactly("pg1 DONE");
            assertThat(outcomes(
                            client.restart(r -> r.role(MemberSelector.REPLICA).member("pg3"))))
                    .containsExactly("pg3 DONE");
        }
        assertThat(rules.commands())
                .containsExactly(
                        "pg1 POST /restart {\"role\":\"" + leader + "\",\"postgres_version\":\"17.7\",\"timeout\":40}",
                        "pg3 POST /restart {\"role\":\"replica\"}");
    }

    @ParameterizedTest
    @FieldSource("versions")
    void restartsOnlyWhereOneIsPending(String version) throws Exception {
        version(version);
        rules.pending("pg3", "{\"work_mem\": {\"old_value\": \"4MB\", \"new_value\": \"8MB\"}}");
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.onlyPending())))
                    .containsExactly("pg2 SKIPPED", "pg3 DONE", "pg1 SKIPPED");
        }
        assertThat(rules.commands())
                .filteredOn(command -> !command.endsWith("POST /reload {}"))
                .containsExactly("pg3 POST /restart {\"restart_pending\":true}");
    }

    /** With a margin that nobody could wait for; a round of these members takes a second. */
    @ParameterizedTest
    @FieldSource("versions")
    void whoHasLookedAndSaysNothingIsNotWaitedFor(String version) throws Exception {
        version(version);
        for (String name : List.of("pg1", "pg2", "pg3")) {
            cluster.server(name)
                    .on(
                            "GET /patroni",
                            (request, socket) -> ScriptedPatroni.json(cluster.status(name)
                                            .replaceFirst(
                                                    "\"dcs_last_seen\": ?\\d+",
                                                    "\"dcs_last_seen\": "
                                                            + Instant.now().getEpochSecond()))
                                    .answer(request, socket));
        }
        Timing patient = new Timing(
                FakeCluster.FAST.poll(),
                FakeCluster.FAST.switchoverFloor(),
                Duration.ofMinutes(10),
                FakeCluster.FAST.probe());
        try (PatroniClient client = cluster.client(patient, c -> c)) {
            assertThat(outcomes(client.restart(r -> r.onlyPending())))
                    .containsExactly("pg2 SKIPPED", "pg3 SKIPPED", "pg1 SKIPPED");
        }
    }

    @Test
    void aPendingRestartThatAnOldPatroniMissedIsFound() throws Exception {
        version("3.0.2");
        rules.missed("pg3");
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.onlyPending())))
                    .containsExactly("pg2 SKIPPED", "pg3 DONE", "pg1 SKIPPED");
        }
    }

    @Test
    void aFilterThatIsNotMetIsNoError() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.member("pg2").postgresVersion("17.2"))))
                    .containsExactly("pg2 SKIPPED");
        }
    }

    @ParameterizedTest
    @FieldSource("versions")
    void schedulesAndFlushes(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r ->
                            r.member("pg2").at(LATER).postgresVersion("18.0").onlyPending())))
                    .containsExactly("pg2 SCHEDULED");
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2").at(LATER)))
                    .withMessageContaining("Another restart is already scheduled")
                    .withMessageContaining("flushRestart");
            assertThat(outcomes(client.flushRestart(f -> f))).containsExactly("pg2 DONE", "pg3 SKIPPED", "pg1 SKIPPED");
            assertThat(outcomes(client.flushRestart(f -> f.member("pg2")))).containsExactly("pg2 SKIPPED");
        }
        assertThat(rules.commands().get(0))
                .isEqualTo("pg2 POST /restart {\"postgres_version\":\"18.0\",\"restart_pending\":true,"
                        + "\"schedule\":\"2099-01-01T10:00:00+02:00\"}");
    }

    @Test
    void aScheduleInThePastIsToldInPatronisWords() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() ->
                            client.restart(r -> r.member("pg2").at(OffsetDateTime.parse("2001-01-01T10:00:00+02:00"))))
                    .withMessageContaining("422 \"Cannot schedule restart in the past\"")
                    .satisfies(e -> assertThat(e.remedy()).startsWith("give a time in the future"))
                    .satisfies(e -> assertThat(e.members())
                            .singleElement()
                            .satisfies(one -> assertThat(one.outcome()).isEqualTo(MemberOutcome.FAILED)));
        }
    }

    @Test
    void nothingIsScheduledInMaintenanceMode() throws Exception {
        try (PatroniClient client = cluster.client()) {
            client.pause(p -> p);
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.restart(r -> r.at(LATER)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.paused"));
            assertThat(outcomes(client.restart(r -> r.member("pg2")))).containsExactly("pg2 DONE");
        }
    }

    @Test
    void aLostAnswerToARestartIsFoundOutByTheStartOfThePostmaster() throws Exception {
        rules.then("POST /restart", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            List<MemberResult> results = client.restart(r -> r.member("pg2"));

            assertThat(outcomes(results)).containsExactly("pg2 DONE");
            assertThat(results.get(0).explanation()).contains("answer was lost", "hung up");
        }
        assertThat(rules.commands()).hasSize(1);
    }

    @Test
    void aLostAnswerAndAPostmasterThatRunsOnIsUnknownAndNeverRepeated() throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.reset("HTTP/1.0 20"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2")))
                    .withMessageContaining("started 2026-11-23 10:00:00.123456+00:00, as before");
        }
        assertThat(cluster.server("pg2").count("POST /restart")).isEqualTo(1);
    }

    @Test
    void aLostAnswerToAScheduleIsFoundOutByLooking() throws Exception {
        rules.then("POST /restart", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.member("pg2").at(LATER)))).containsExactly("pg2 SCHEDULED");
        }
        cluster.on("POST /restart", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg3").at(LATER)))
                    .withMessageContaining("shows no such restart");
        }
    }

    @Test
    void aSuccessThatTheMemberDoesNotShowIsUnknown() throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.text(200, "restarted successfully"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2")));
        }
    }

    @Test
    void aServerThatIsStillStartingIsWaitedFor() throws Exception {
        cluster.on("POST /restart", (request, socket) -> {
            cluster.status("pg2", "{\"state\": \"starting\", \"role\": \"replica\"}");
            ScriptedPatroni.text(503, "postgres is still starting").answer(request, socket);
            new Thread(() -> {
                        rules.boot("pg2");
                        cluster.status("pg2", "");
                    })
                    .start();
        });
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.member("pg2")))).containsExactly("pg2 DONE");
        }
    }

    @Test
    void anotherRestartThatIsUnderWayIsWaitedFor() throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.text(503, "restart already in progress"), (request, socket) -> {
            rules.boot("pg2");
            cluster.status("pg2", "");
            ScriptedPatroni.text(200, "restarted successfully").answer(request, socket);
        });
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.restart(r -> r.member("pg2")))).containsExactly("pg2 DONE");
        }
        assertThat(cluster.server("pg2").count("POST /restart")).isEqualTo(2);
    }

    @Test
    void anotherRestartThatNeverEndsIsToldAtTheLimit() throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.text(503, "restart already in progress"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2").limit(Duration.ofSeconds(3))))
                    .withMessageContaining("restart already in progress");
        }
    }

    @Test
    void aFailureOnOneMemberDoesNotHideTheOthers() throws Exception {
        rules.busy("pg3");
        cluster.server("pg2").stop();
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r))
                    .satisfies(e ->
                            assertThat(outcomes(e.members())).containsExactly("pg2 FAILED", "pg3 FAILED", "pg1 DONE"))
                    .withMessageContaining("reinitialize already in progress");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart failed", "restart conditions are not satisfied"})
    void patronisRefusalsAreFailuresWhereThereWasNoCondition(String text) throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.text(503, text));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2")))
                    .withMessageContaining(text);
        }
    }

    @Test
    void membersThatAreNoneAreTold() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.restart(r -> r.member("pg2").member("pg9")))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.no-such-member"))
                    .withMessageContaining("There is no member pg9");
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.reload(r -> r.member("pg2").role(MemberSelector.LEADER)))
                    .withMessageContaining("No member is the leader");
        }
        assertThat(rules.commands()).isEmpty();
    }

    @Test
    void optionsThatCannotWorkAreRefusedAtOnce() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> Restart.builder()
                        .postgresVersion("17")
                        .timeout(Duration.ofMillis(500))
                        .limit(Duration.ZERO)
                        .build())
                .satisfies(e -> assertThat(e.problems()).hasSize(3));
    }

    @ParameterizedTest
    @FieldSource("versions")
    void reloads(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.reload(r -> r))).containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
            assertThat(outcomes(client.reloadAsync(r -> r.role(MemberSelector.LEADER))
                            .get()))
                    .containsExactly("pg1 DONE");
            cluster.server("pg3").on("POST /reload", ScriptedPatroni.hangUp());
            assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> client.reload(r -> r));
        }
    }

    @Test
    void aWrongPasswordEndsItAtOnce() throws Exception {
        cluster.on("POST /restart", ScriptedPatroni.text(401, "not authenticated"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.restart(r -> r))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unauthorized"))
                    .withMessageNotContaining("s3cret");
        }
        assertThat(cluster.server("pg2").count("POST /restart")).isEqualTo(1);
        assertThat(cluster.server("pg1").count("POST /restart")).isZero();
    }
}
