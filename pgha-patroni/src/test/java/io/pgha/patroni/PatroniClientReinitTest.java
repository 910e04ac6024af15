package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.model.InvalidConfigException;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.Reinit;
import io.pgha.patroni.operation.ReinitProgress;
import io.pgha.patroni.operation.ReinitResult;
import io.pgha.patroni.operation.ReinitSource;
import io.pgha.patroni.operation.WhenBusy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Reinitializations: never of the leader, never with a body that Patroni cannot read, done when the replica replicates.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientReinitTest {
    static final List<String> versions = Wire.VERSIONS;

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

    /** Takes a member through the states of a copy; each step is done once it has been told of. */
    private void step(ReinitProgress progress, List<String> told) {
        told.add(progress.state());
        switch (progress.state()) {
            case "stopping" -> cluster.status("pg3", "{\"state\": \"creating replica\", \"role\": \"uninitialized\"}");
            case "creating replica" -> {
                cluster.member(cluster.member("pg3").state("creating replica"));
                cluster.status("pg3", "{\"state\": \"starting\", \"role\": \"replica\"}");
            }
            case "starting" -> {
                rules.boot("pg3");
                cluster.status("pg3", "");
                cluster.member(cluster.member("pg3").state("streaming"));
            }
            default -> {}
        }
    }

    @ParameterizedTest
    @FieldSource("versions")
    void waitsUntilTheReplicaReplicatesAndTellsOfEachState(String version) throws Exception {
        version(version);
        rules.then("POST /reinitialize", (request, socket) -> {
            cluster.status("pg3", "{\"state\": \"stopping\", \"role\": \"replica\"}");
            ScriptedPatroni.text(200, "reinitialize started").answer(request, socket);
        });
        List<String> told = new CopyOnWriteArrayList<>();
        try (PatroniClient client = cluster.client()) {
            ReinitResult result = client.reinit(r -> r.member("pg3").progress(progress -> step(progress, told)));

            assertThat(result.replicates()).isTrue();
            assertThat(result.toString()).startsWith("Reinit: pg3 replicates after ");
        }
        assertThat(told)
                .containsSubsequence("stopping", "creating replica", "starting")
                .last()
                .isIn("streaming", "running");
        assertThat(rules.commands()).containsExactly("pg3 POST /reinitialize {\"force\":false}");
    }

    /** patronictl takes the first state that is not "creating replica" for the end, and may look before it begins. */
    @Test
    void aReplicaThatStillRunsOnIsNotTakenForAFinishedOne() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.reinit(r -> r.member("pg3").await(Duration.ofMillis(500))))
                    .withMessageContaining("was begun, and is not finished");
        }
    }

    @Test
    void neverOfTheLeader() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.reinit(r -> r.member("pg1").whenBusy(WhenBusy.CANCEL)))
                    .withMessageContaining("pg1 is the leader");
            cluster.member(cluster.member("pg1").role("replica"));
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.reinit(r -> r.member("pg3")))
                    .withMessageContaining("no leader to copy from");
        }
        assertThat(rules.commands()).isEmpty();
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> Reinit.builder().build());
    }

    @Test
    void aBusyMemberIsLeftAloneUnlessTold() throws Exception {
        rules.busy("pg3");
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.reinit(r -> r.member("pg3")))
                    .withMessageContaining("already in progress")
                    .withMessageContaining("whenBusy(WhenBusy.CANCEL)");
            assertThat(rules.wiped()).isEmpty();
            ReinitResult begun =
                    client.reinit(r -> r.member("pg3").whenBusy(WhenBusy.CANCEL).await(Duration.ZERO));
            assertThat(begun.replicates()).isFalse();
        }
        assertThat(rules.commands().get(1)).isEqualTo("pg3 POST /reinitialize {\"force\":true}");
        assertThat(rules.wiped()).containsExactly("pg3");
    }

    @ParameterizedTest
    @FieldSource("versions")
    void fromTheLeaderWhereTheVersionCan(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            if (Wire.version(version).has(Feature.REINIT_FROM_LEADER)) {
                client.reinit(r -> r.member("pg3").source(ReinitSource.LEADER).await(Duration.ZERO));
                assertThat(rules.commands())
                        .containsExactly("pg3 POST /reinitialize {\"force\":false,\"from_leader\":true}");
            } else {
                assertThatExceptionOfType(PatroniException.class)
                        .isThrownBy(() -> client.reinit(r -> r.member("pg3").source(ReinitSource.LEADER)))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unsupported"))
                        .withMessageContaining("needs Patroni 4.1.0 or later");
                assertThat(rules.wiped()).isEmpty();
            }
        }
    }

    @Test
    void aLostAnswerIsFoundOutByWatching() throws Exception {
        rules.then("POST /reinitialize", (request, socket) -> rules.boot("pg3"));
        try (PatroniClient client = cluster.client()) {
            assertThat(client.reinit(r -> r.member("pg3")).replicates()).isTrue();
        }
        rules.then("POST /reinitialize", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.reinit(r -> r.member("pg3")))
                    .withMessageContaining("runs on as before");
        }
        assertThat(rules.wiped()).hasSize(2);
    }
}
