package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.operation.AsynchronousCandidate;
import io.pgha.patroni.operation.FailoverRefusedException;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.view.ScheduledSwitchover;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Failovers, and scheduled switchovers from being asked for to being called off. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientFailoverTest {
    static final List<String> versions = Wire.VERSIONS;
    private static final OffsetDateTime LATER = OffsetDateTime.parse("2099-01-01T10:00:00+02:00");
    private static final String SCHEDULED =
            ", \"scheduled_switchover\": {\"at\": \"2099-01-01T10:00:00+02:00\", \"from\": \"pg1\"}";

    private FakeCluster cluster = new FakeCluster("4.1.4");
    private final List<String> posts = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private void onFailover(Runnable happens, ScriptedPatroni.Behaviour then) {
        cluster.on("POST /failover", (request, socket) -> {
            posts.add(request.body());
            happens.run();
            then.answer(request, socket);
        });
    }

    @ParameterizedTest
    @FieldSource("versions")
    void withALeader(String version) throws Exception {
        cluster.close();
        cluster = new FakeCluster(version);
        onFailover(() -> cluster.lead("pg2"), ScriptedPatroni.text(200, "Successfully failed over to \"pg2\""));
        try (PatroniClient client = cluster.client()) {
            FailoverResult result = client.failover(f -> f.to("pg2"));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
            assertThat(result.from()).contains("pg1");
            assertThat(result.toString()).startsWith("Failover: pg1 -> pg2 in ");
        }
        // A leader in the body would make it a switchover.
        assertThat(posts).containsExactly("{\"candidate\":\"pg2\"}");
    }

    @Test
    void withoutALeaderTheCandidateIsAskedItself() throws Exception {
        cluster.member(cluster.member("pg1").role("replica").state("stopped"));
        onFailover(() -> cluster.lead("pg3"), ScriptedPatroni.text(200, "Successfully failed over to \"pg3\""));
        try (PatroniClient client = cluster.client()) {
            FailoverResult result = client.failover(f -> f.to("pg3"));

            assertThat(result.from()).isEmpty();
            assertThat(result.toString()).startsWith("Failover: nobody -> pg3 in ");
        }
        assertThat(cluster.server("pg3").count("POST /failover")).isEqualTo(1);
    }

    @Test
    void anotherWinnerAndALostAnswerAreTold() throws Exception {
        onFailover(() -> cluster.lead("pg3"), ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            FailoverResult result = client.failover(f -> f.to("pg2"));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED_TO_ANOTHER);
            assertThat(result.explanation()).contains("answer was lost", "pg3 won instead of pg2");
            assertThat(client.failover(f -> f.to("pg3")).outcome()).isEqualTo(SwitchoverOutcome.ALREADY_LEADER);
        }
        assertThat(posts).hasSize(1);
    }

    @Test
    void aRefusalNamesWhatSpeaksAgainstEachCandidate() throws Exception {
        cluster.member(cluster.member("pg2").tags("{\"nofailover\": true}"));
        onFailover(() -> {}, ScriptedPatroni.text(412, "failover is not possible: no good candidates have been found"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(FailoverRefusedException.class)
                    .isThrownBy(() -> client.failover(f -> f.to("pg2")))
                    .withMessageContaining("no good candidates")
                    .satisfies(e -> assertThat(e.candidates()).containsEntry("pg2", "tag nofailover"))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.failover-refused"));
            onFailover(() -> {}, ScriptedPatroni.text(503, "Failover failed"));
            assertThatExceptionOfType(FailoverRefusedException.class)
                    .isThrownBy(() -> client.failover(f -> f.to("pg2")))
                    .withMessageContaining("pg1 still leads");
            assertThatExceptionOfType(FailoverRefusedException.class)
                    .isThrownBy(() -> client.failover(f -> f.to("pg9")))
                    .withMessageContaining("there is no member pg9");
            assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> client.failover(f -> f));
        }
    }

    @Test
    void commitsAreNotRiskedUnasked() throws Exception {
        cluster.config("{\"loop_wait\": 1, \"retry_timeout\": 1, \"synchronous_mode\": true}");
        cluster.member(cluster.member("pg3").role("sync_standby"));
        onFailover(() -> cluster.lead("pg2"), ScriptedPatroni.text(200, "Successfully failed over to \"pg2\""));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(FailoverRefusedException.class)
                    .isThrownBy(() -> client.failover(f -> f.to("pg2")))
                    .withMessageContaining("commits may be lost");
            assertThat(posts).isEmpty();
            assertThat(client.failover(f -> f.to("pg2").asynchronousCandidate(AsynchronousCandidate.ACCEPTED))
                            .outcome())
                    .isEqualTo(SwitchoverOutcome.SWITCHED);
        }
    }

    @Test
    void anOldPatroniCannotFailOverToAnAsynchronousMember() throws Exception {
        cluster.close();
        cluster = new FakeCluster("3.0.2");
        cluster.config("{\"loop_wait\": 1, \"retry_timeout\": 1, \"synchronous_mode\": true}");
        onFailover(() -> {}, ScriptedPatroni.text(503, "Failover failed"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() ->
                            client.failover(f -> f.to("pg2").asynchronousCandidate(AsynchronousCandidate.ACCEPTED)))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unsupported"))
                    .withMessageContaining("needs Patroni 3.2.0 or later");
        }
        assertThat(posts).isEmpty();
    }

    @Test
    void aScheduledSwitchoverWithoutACandidateLeavesTheChoiceToPatroni() throws Exception {
        cluster.onSwitchover(() -> cluster.more(SCHEDULED), ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            SwitchoverResult result = client.switchover(s -> s.at(LATER));

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
            assertThat(result.to()).isEqualTo("pg2");
            assertThat(result.explanation())
                    .contains("Patroni chooses then; now it would be pg2", "shows that the switchover is scheduled");
        }
        assertThat(cluster.posts())
                .containsExactly("{\"leader\":\"pg1\",\"scheduled_at\":\"2099-01-01T10:00:00+02:00\"}");
    }

    @ParameterizedTest
    @FieldSource("versions")
    void callsAScheduledSwitchoverOff(String version) throws Exception {
        cluster.close();
        cluster = new FakeCluster(version);
        try (PatroniClient client = cluster.client()) {
            assertThat(client.flushSwitchover()).isEmpty();
            cluster.more(SCHEDULED);
            cluster.on("DELETE /switchover", (request, socket) -> {
                cluster.more("");
                ScriptedPatroni.text(200, "scheduled switchover deleted").answer(request, socket);
            });
            assertThat(client.flushSwitchover().flatMap(ScheduledSwitchover::at))
                    .isEqualTo(Optional.of(LATER));
            cluster.more(SCHEDULED);
            cluster.on("DELETE /switchover", (request, socket) -> cluster.more(""));
            assertThat(client.flushSwitchoverAsync().get()).isPresent();
        }
    }

    @Test
    void whatIsStillScheduledIsTold() throws Exception {
        cluster.more(SCHEDULED);
        cluster.on("DELETE /switchover", ScriptedPatroni.page(409, "Conflict"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(client::flushSwitchover)
                    .withMessageContaining("it is still scheduled");
            cluster.on("DELETE /switchover", ScriptedPatroni.text(404, "no switchover is scheduled"));
            assertThat(client.flushSwitchover()).isEmpty();
        }
    }
}
