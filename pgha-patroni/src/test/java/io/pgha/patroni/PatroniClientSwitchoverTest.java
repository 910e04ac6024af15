package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverRefusedException;
import io.pgha.patroni.operation.SwitchoverResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Switchovers over real connections: what is sent, and what is made of every kind of answer. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientSwitchoverTest {
    private FakeCluster cluster = new FakeCluster("4.1.4");

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private static ScriptedPatroni.Behaviour success(String to) {
        return ScriptedPatroni.text(200, "Successfully switched over to \"" + to + "\"");
    }

    private SwitchoverRefusedException refusal() throws InterruptedException {
        try (PatroniClient client = cluster.client()) {
            try {
                SwitchoverResult result = client.switchover(s -> s.to("pg2"));
                throw new AssertionError("It did happen: " + result);
            } catch (SwitchoverRefusedException e) {
                assertThat(e.code()).isEqualTo("patroni.switchover-refused");
                assertThat(e.remedy()).isNotBlank();
                return e;
            }
        }
    }

    static final List<String> versions = Wire.VERSIONS;

    @ParameterizedTest
    @FieldSource("versions")
    void switchesAsAskedOnEveryVersion(String version) throws Exception {
        cluster.close();
        cluster = new FakeCluster(version);
        cluster.onSwitchover(() -> cluster.lead("pg2"), success("pg2"));

        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2"));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
            assertThat(result.from()).isEqualTo("pg1");
            assertThat(result.to()).isEqualTo("pg2");
            assertThat(result.formerLeaderBack()).isTrue();
            assertThat(result.duration()).isPositive().isLessThan(Duration.ofSeconds(20));
            assertThat(result.view().leader().orElseThrow().name()).isEqualTo("pg2");
            assertThat(result.toString()).startsWith("Switchover: pg1 -> pg2 in ");
        }
        assertThat(cluster.posts()).containsExactly("{\"leader\":\"pg1\",\"candidate\":\"pg2\"}");
        ScriptedPatroni.Received post = cluster.server("pg1").received().stream()
                .filter(request -> request.method().equals("POST"))
                .findFirst()
                .orElseThrow();
        assertThat(post.headers())
                .containsEntry(
                        "authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString("patroni:s3cret".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void waitsUntilTheNewLeaderLeadsAndTheFormerOneReplicates() throws Exception {
        CountDownLatch looks = new CountDownLatch(4);
        cluster.onSwitchover(
                () -> {
                    cluster.lead("pg2");
                    cluster.member(cluster.member("pg1").state("stopped").lag(-1));
                },
                success("pg2"));
        cluster.on("GET /cluster", (request, socket) -> {
            if (!cluster.posts().isEmpty()) {
                looks.countDown();
            }
            ScriptedPatroni.json(cluster.cluster()).answer(request, socket);
        });
        try (PatroniClient client = cluster.client()) {
            CompletableFuture<SwitchoverResult> result = client.switchoverAsync(s -> s.to("pg2"));
            assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(result).isNotDone();
            cluster.member(Wire.Member.replica("pg1", cluster.server("pg1").url(), 4));

            assertThat(result.get(20, TimeUnit.SECONDS).formerLeaderBack()).isTrue();
        }
    }

    @Test
    void aFormerLeaderThatStaysAwayIsNoError() throws Exception {
        cluster.onSwitchover(
                () -> {
                    cluster.lead("pg2");
                    cluster.member(cluster.member("pg1").state("start failed").lag(-1));
                },
                success("pg2"));
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2").awaitReplicas(Duration.ofMillis(300)));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
            assertThat(result.formerLeaderBack()).isFalse();
            assertThat(result.explanation()).contains("pg1 did not replicate", "start failed");
        }
    }

    @Test
    void choosesTheReplicaWithTheSmallestLagAndSaysWhy() throws Exception {
        cluster.member(cluster.member("pg2").lag(4096));
        cluster.onSwitchover(() -> cluster.lead("pg3"), success("pg3"));
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s);

            assertThat(result.to()).isEqualTo("pg3");
            assertThat(result.explanation())
                    .contains("pg3 was chosen (streaming, 0 B behind)", "pg2: streaming, 4 kB behind");
        }
    }

    @Test
    void doesNotChooseWhatMustNotLead() throws Exception {
        cluster.member(cluster.member("pg2").lag(4096));
        cluster.member(cluster.member("pg3").tags("{\"nofailover\": true}"));
        cluster.onSwitchover(() -> cluster.lead("pg2"), success("pg2"));
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s);

            assertThat(result.to()).isEqualTo("pg2");
            assertThat(result.explanation()).contains("pg3: tag nofailover");
        }
    }

    @Test
    void choosesTheSynchronousStandbyInSynchronousMode() throws Exception {
        cluster.config("{\"loop_wait\": 1, \"retry_timeout\": 1, \"synchronous_mode\": \"on\"}");
        cluster.member(cluster.member("pg3").role("sync_standby").lag(100));
        cluster.onSwitchover(() -> cluster.lead("pg3"), success("pg3"));
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s);

            assertThat(result.to()).isEqualTo("pg3");
            assertThat(result.explanation()).contains("synchronous", "pg2: not synchronous");
        }
    }

    @Test
    void doesNotChooseAReplicaThatDoesNotAnswer() throws Exception {
        cluster.server("pg2").on("GET /patroni", ScriptedPatroni.hangUp());
        cluster.member(cluster.member("pg3").state("in archive recovery"));
        cluster.server("pg3")
                .on(
                        "GET /patroni",
                        ScriptedPatroni.json(Wire.replica("4.1.4", "pg3", 3, 67108960)
                                .replace("\"streaming\"", "\"in archive recovery\"")));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(SwitchoverRefusedException.class)
                    .isThrownBy(() -> client.switchover(s -> s))
                    .withMessageContaining("no replica can take over")
                    .satisfies(e -> assertThat(e.candidates())
                            .containsEntry("pg2", "its REST API gives no answer (hung up without an answer)")
                            .containsEntry("pg3", "not streaming (in archive recovery)"));
        }
        assertThat(cluster.posts()).isEmpty();
    }

    @Test
    void anotherWinnerIsAResultOfItsOwn() throws Exception {
        cluster.onSwitchover(
                () -> cluster.lead("pg3"), ScriptedPatroni.text(200, "Switched over to \"pg3\" instead of \"pg2\""));
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2"));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED_TO_ANOTHER);
            assertThat(result.to()).isEqualTo("pg3");
            assertThat(result.explanation()).contains("pg3 won instead of pg2");
        }
    }

    @Test
    void aRefusalNamesWhatSpeaksAgainstEachCandidate() throws Exception {
        cluster.member(cluster.member("pg2").tags("{\"nofailover\": true}"));
        cluster.member(cluster.member("pg3").lag(50_000_000));
        cluster.onSwitchover(
                () -> {}, ScriptedPatroni.text(412, "switchover is not possible: no good candidates have been found"));

        SwitchoverRefusedException refused = refusal();

        assertThat(refused).hasMessageContaining("no good candidates have been found");
        assertThat(refused.candidates())
                .containsEntry("pg2", "tag nofailover")
                .containsEntry("pg3", "47 MB behind, more than maximum_lag_on_failover (1 MB)");
    }

    @Test
    void refusalsAreToldInPatronisWordsButNeverAsHtml() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.text(422, "Cannot schedule switchover in the past"));
        assertThat(refusal()).hasMessageContaining("422 \"Cannot schedule switchover in the past\"");

        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(SwitchoverRefusedException.class)
                    .isThrownBy(() ->
                            client.switchover(s -> s.to("pg2").at(OffsetDateTime.parse("2001-01-01T10:00:00+02:00"))))
                    .satisfies(e -> assertThat(e.remedy()).startsWith("give a time in the future"));
        }

        cluster.onSwitchover(() -> {}, ScriptedPatroni.page(400, "Bad Request"));
        assertThat(refusal()).hasMessageContaining("400 an HTML error page").hasMessageNotContaining("<html>");
        assertThat(cluster.posts()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void wrongCredentialsAreNotTriedElsewhere(int status) throws Exception {
        cluster.onSwitchover(() -> {}, (request, socket) -> {
            socket.getOutputStream()
                    .write(ScriptedPatroni.head(
                            status, "Content-Type: text/html", "WWW-Authenticate: Basic realm=\"Patroni\""));
            socket.getOutputStream().write("not authenticated".getBytes(StandardCharsets.UTF_8));
        });
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg2")))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unauthorized"))
                    .withMessageContaining("not authenticated")
                    .withMessageNotContaining("s3cret");
        }
        assertThat(cluster.posts()).hasSize(1);
    }

    @Test
    void aLostAnswerIsFoundOutByLooking() throws Exception {
        cluster.onSwitchover(() -> cluster.lead("pg2"), ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2"));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
            assertThat(result.explanation()).contains("Patroni's answer was lost", "shows that pg2 leads");
        }
        assertThat(cluster.posts()).hasSize(1);
    }

    @Test
    void aLostAnswerWithoutAChangeOfLeaderIsNeverRepeated() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.reset("HTTP/1.0 20"));

        assertThat(refusal()).hasMessageContaining("answer was lost").hasMessageContaining("pg1 still leads");
        assertThat(cluster.posts()).hasSize(1);
    }

    @Test
    void aLostAnswerAndAHistoryThatMovedIsUnknown() throws Exception {
        cluster.onSwitchover(() -> cluster.history("[[3, 67108960, \"x\"]]"), ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg2")))
                    .withMessageContaining("history shows");
        }
    }

    @Test
    void aClusterThatVanishesLeavesTheOutcomeUnknown() throws Exception {
        cluster.onSwitchover(() -> cluster.on("GET /cluster", ScriptedPatroni.hangUp()), ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg2").timeout(Duration.ofSeconds(1))))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.outcome-unknown"))
                    .withMessageContaining("the cluster cannot be seen")
                    .withMessageContaining("To fix: look at the cluster");
        }
        assertThat(cluster.posts()).hasSize(1);
    }

    @Test
    void patronisFailureIsARefusal() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.text(503, "Switchover failed"));

        assertThat(refusal()).hasMessageContaining("Switchover failed").hasMessageContaining("pg1 still leads");
    }

    @Test
    void aStatusThatPatroniDoesNotKnowIsWatched() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        cluster.onSwitchover(asked::countDown, ScriptedPatroni.text(503, "Switchover status unknown"));
        try (PatroniClient client = cluster.client()) {
            CompletableFuture<SwitchoverResult> result = client.switchoverAsync(s -> s.to("pg2"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            cluster.lead("pg2");

            assertThat(result.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);

            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg3").timeout(Duration.ofSeconds(1))));
        }
    }

    @Test
    void aLeaderWhoseApiIsDownIsAskedThroughAnother() throws Exception {
        cluster.server("pg1").stop();
        cluster.onSwitchover(() -> cluster.lead("pg2"), success("pg2"));
        try (PatroniClient client = cluster.client()) {
            assertThat(client.switchover(s -> s.to("pg2")).outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
        }
        assertThat(cluster.posts()).hasSize(1);
    }

    @Test
    void schedules() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.text(202, "Switchover scheduled"));
        OffsetDateTime at = OffsetDateTime.parse("2030-01-01T10:00:00+02:00");
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2").at(at));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
        }
        assertThat(cluster.posts())
                .containsExactly(
                        "{\"leader\":\"pg1\",\"candidate\":\"pg2\",\"scheduled_at\":\"2030-01-01T10:00:00+02:00\"}");
    }

    @Test
    void aLostAnswerToAScheduleIsFoundOutByLooking() throws Exception {
        cluster.onSwitchover(
                () -> cluster.more(
                        ", \"scheduled_switchover\": {\"at\": \"2030-01-01T08:00:00+00:00\", \"from\": \"pg1\","
                                + " \"to\": \"pg2\"}"),
                ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result =
                    client.switchover(s -> s.to("pg2").at(OffsetDateTime.parse("2030-01-01T10:00:00+02:00")));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
            assertThat(result.view().toString())
                    .contains("Switchover scheduled at: 2030-01-01T08:00:00+00:00", "from: pg1", "to: pg2");
        }
    }

    @Test
    void doesNothingWhereThereIsNothingToDo() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThat(client.switchover(s -> s.to("pg1")).outcome()).isEqualTo(SwitchoverOutcome.ALREADY_LEADER);
            assertThatExceptionOfType(SwitchoverRefusedException.class)
                    .isThrownBy(() -> client.switchover(s -> s.from("pg2").to("pg3")))
                    .withMessageContaining("pg1 leads, not pg2");
            assertThatExceptionOfType(SwitchoverRefusedException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg9")))
                    .withMessageContaining("there is no member pg9");
        }
        cluster.member(cluster.member("pg1").role("replica"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg2")))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.no-leader"));
        }
        assertThat(cluster.posts()).isEmpty();
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (ScriptedPatroni elsewhere = ScriptedPatroni.plain()) {
            cluster.onSwitchover(
                    () -> {},
                    (request, socket) -> socket.getOutputStream()
                            .write(ScriptedPatroni.head(307, "Location: " + elsewhere.url() + "/switchover")));
            try (PatroniClient client = cluster.client()) {
                assertThatExceptionOfType(PatroniException.class)
                        .isThrownBy(() -> client.switchover(s -> s.to("pg2")))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.bad-answer"));
            }
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void cancellingTheFutureClosesTheConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        cluster.onSwitchover(asked::countDown, (request, socket) -> {
            try {
                ScriptedPatroni.untilPeerLeaves(socket);
            } finally {
                left.countDown();
            }
        });
        try (PatroniClient client = cluster.client()) {
            CompletableFuture<SwitchoverResult> result = client.switchoverAsync(s -> s.to("pg2"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            result.cancel(true);

            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.view().leader().orElseThrow().name()).isEqualTo("pg1");
        }
    }
}
