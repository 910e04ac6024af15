package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.operation.PauseScope;
import io.pgha.patroni.operation.StandbyClusterResult;
import io.pgha.patroni.view.MemberRole;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Maintenance mode and standby clusters: changes of one key of the configuration, seen to be in force. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientPauseTest {
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

    @ParameterizedTest
    @FieldSource("versions")
    void pausesAndResumes(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            PauseResult paused = client.pause(p -> p);
            assertThat(paused.changed()).isTrue();
            assertThat(paused.recognized()).containsExactly("pg1", "pg2", "pg3");
            assertThat(client.view().paused()).isTrue();
            assertThat(client.pause(p -> p).changed()).isFalse();

            assertThat(client.resume(r -> r).changed()).isTrue();
            assertThat(client.view().paused()).isFalse();
            assertThat(client.resumeAsync(r -> r).get().changed()).isFalse();
        }
        assertThat(rules.commands())
                .extracting(command -> command.substring(4))
                .containsExactly("PATCH /config {\"pause\":true}", "PATCH /config {\"pause\":null}");
    }

    @Test
    void aPauseThatMembersDoNotRecognizeIsNone() throws Exception {
        rules.deaf();
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.pause(p -> p.await(Duration.ofMillis(200))))
                    .withMessageContaining("not every member has recognized it")
                    .satisfies(e -> assertThat(e.members())
                            .hasSize(3)
                            .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(MemberOutcome.FAILED)));
            assertThat(client.resume(r -> r.await(Duration.ZERO)).changed()).isTrue();
        }
    }

    @Test
    void aMemberThatIsAwayDoesNotHoldItUp() throws Exception {
        cluster.server("pg3").stop();
        try (PatroniClient client = cluster.client()) {
            PauseResult paused = client.pause(p -> p);
            assertThat(paused.recognized()).containsExactly("pg1", "pg2");
            assertThat(paused).hasToString("Maintenance mode: changed, recognized by pg1, pg2, no answer from pg3");
            assertThat(paused.silent()).containsExactly("pg3");
        }
    }

    @Test
    void aScopeResumesWhenItIsClosedOnceAndOnlyIfItPaused() throws Exception {
        try (PatroniClient client = cluster.client()) {
            try (PauseScope outer = client.pauseScope(p -> p)) {
                assertThat(outer.result().changed()).isTrue();
                try (PauseScope inner = client.pauseScope(p -> p)) {
                    assertThat(inner.result().changed()).isFalse();
                    assertThat(inner.result().recognized()).hasSize(3);
                }
                assertThat(client.view().paused()).isTrue();
            }
            assertThat(client.view().paused()).isFalse();
        }
        assertThat(rules.commands()).hasSize(2);
    }

    @Test
    void aScopeResumesWhenTheThreadIsInterrupted() throws Exception {
        try (PatroniClient client = cluster.client()) {
            CountDownLatch ended = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                try (PauseScope scope = client.pauseScope(p -> p)) {
                    assertThat(scope.result().changed()).isTrue();
                    Thread.currentThread().interrupt();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                if (Thread.currentThread().isInterrupted()) {
                    ended.countDown();
                }
            });
            thread.start();
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.view().paused()).isFalse();
        }
    }

    @Test
    void aScopeThatCannotBeOpenedLeavesNoPause() throws Exception {
        rules.deaf();
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.pauseScope(p -> p.await(Duration.ofMillis(200))));
            assertThat(client.view().paused()).isFalse();
        }
    }

    @Test
    void aLostAnswerIsFoundOutByLooking() throws Exception {
        rules.then("PATCH /config", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            PauseResult paused = client.pause(p -> p);
            assertThat(paused.changed()).isTrue();
            assertThat(paused.explanation()).contains("answer was lost", "the cluster shows the pause");
        }
        assertThat(rules.commands()).hasSize(1);
    }

    @Test
    void aLostAnswerWithoutAnEffectIsAFailureAndNeverRepeated() throws Exception {
        cluster.on("PATCH /config", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.pause(p -> p))
                    .withMessageContaining("the cluster does not show the pause");
        }
        assertThat(cluster.server("pg1").count("PATCH /config")
                        + cluster.server("pg2").count("PATCH /config")
                        + cluster.server("pg3").count("PATCH /config"))
                .isEqualTo(1);
    }

    @Test
    void aRaceForTheKeyIsRunAgain() throws Exception {
        for (String member : List.of("pg1", "pg2", "pg3")) {
            cluster.server(member).on("PATCH /config", ScriptedPatroni.page(409, "Conflict"), (request, socket) -> {
                cluster.more(", \"pause\": true");
                List.of("pg1", "pg2", "pg3").forEach(one -> cluster.statusMore(one, ", \"pause\": true"));
                ScriptedPatroni.json("{}").answer(request, socket);
            });
        }
        try (PatroniClient client = cluster.client()) {
            assertThat(client.pause(p -> p).recognized()).hasSize(3);
        }
    }

    @ParameterizedTest
    @FieldSource("versions")
    void demotesAndPromotesAClusterWhereTheVersionCan(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            if (!Wire.version(version).has(Feature.CLUSTER_DEMOTION)) {
                assertThatExceptionOfType(PatroniException.class)
                        .isThrownBy(() -> client.demoteCluster(d -> d.host("10.1.0.1")))
                        .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unsupported"))
                        .withMessageContaining("needs Patroni 4.1.0 or later")
                        .withMessageContaining("runs Patroni " + version);
                assertThat(rules.commands()).isEmpty();
                cluster.member(cluster.member("pg1").role("standby_leader"));
            } else {
                StandbyClusterResult demoted =
                        client.demoteCluster(d -> d.host("10.1.0.1").port(5433).primarySlotName("site_b"));
                assertThat(demoted.changed()).isTrue();
                assertThat(demoted.toString()).startsWith("Demotion: pg1 leads a standby cluster after ");
                assertThat(demoted.view().leader().orElseThrow().role()).isEqualTo(MemberRole.STANDBY_LEADER);
                assertThat(rules.commands().get(0).substring(4))
                        .isEqualTo("PATCH /config {\"standby_cluster\":{\"host\":\"10.1.0.1\",\"port\":5433,"
                                + "\"primary_slot_name\":\"site_b\"}}");
                assertThat(client.demoteCluster(d -> d.host("10.1.0.1")).changed())
                        .isFalse();
            }
            StandbyClusterResult promoted = client.promoteCluster(p -> p);
            assertThat(promoted.changed()).isTrue();
            assertThat(promoted.leader()).isEqualTo("pg1");
            assertThat(promoted.toString()).matches("Promotion: pg1 leads a primary cluster after \\S+ m?s");
            assertThat(client.promoteCluster(p -> p))
                    .hasToString("Promotion: nothing to do, pg1 leads a primary cluster\n"
                            + "The cluster is in the required state already; nothing was done.");
        }
    }

    /** The DCS calls it the leader as soon as the configuration does; its PostgreSQL still recovers. */
    @ParameterizedTest
    @FieldSource("versions")
    void aLeaderThatDoesNotAcceptWritesYetIsWaitedFor(String version) throws Exception {
        version(version);
        cluster.member(cluster.member("pg1").role("standby_leader"));
        AtomicInteger recovering = new AtomicInteger(3);
        cluster.server("pg1").on("GET /patroni", (request, socket) -> {
            boolean promoted = cluster.member("pg1").role().equals("leader") && recovering.getAndDecrement() <= 0;
            ScriptedPatroni.json(promoted ? Wire.primary(version, "pg1", 4) : Wire.replica(version, "pg1", 3, 1))
                    .answer(request, socket);
        });
        try (PatroniClient client = cluster.client()) {
            assertThat(client.promoteCluster(p -> p).changed()).isTrue();
        }
        assertThat(recovering).hasNegativeValue();
    }

    @Test
    void aPromotionThatDoesNotArriveInTimeIsUnknown() throws Exception {
        cluster.member(cluster.member("pg1").role("standby_leader"));
        cluster.on("PATCH /config", ScriptedPatroni.json("{}"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.promoteCluster(p -> p.timeout(Duration.ofMillis(200))))
                    .withMessageContaining("pg1: Standby Leader");
        }
    }
}
