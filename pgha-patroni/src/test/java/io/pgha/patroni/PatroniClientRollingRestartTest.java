package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.operation.LeaderRestart;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.ParameterChange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The order of a rolling restart, and what stops it. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientRollingRestartTest {
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

    private static List<String> outcomes(List<MemberResult> results) {
        return results.stream().map(one -> one.member() + " " + one.outcome()).toList();
    }

    private void allPending(String reasons) {
        List.of("pg1", "pg2", "pg3").forEach(member -> rules.pending(member, reasons));
    }

    private static String change(String name, int from, int to) {
        return "\"" + name + "\": {\"old_value\": \"" + from + "\", \"new_value\": \"" + to + "\"}";
    }

    @ParameterizedTest
    @FieldSource("versions")
    void replicasFirstAndTheLeaderLast(String version) throws Exception {
        version(version);
        try (PatroniClient client = cluster.client()) {
            RollingRestartResult result = client.rollingRestart(r -> r);

            assertThat(outcomes(result.members())).containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
            assertThat(result.explanation()).isEqualTo("Replicas first, the leader last.");
            assertThat(result.toString()).startsWith("Rolling restart: 3 restarts\n");
        }
    }

    @Test
    void theLeaderFirstWhereALimitShrinks() throws Exception {
        allPending("{" + change("max_connections", 300, 200) + "}");
        try (PatroniClient client = cluster.client()) {
            RollingRestartResult result = client.rollingRestart(r -> r.onlyPending());

            assertThat(outcomes(result.members())).containsExactly("pg1 DONE", "pg2 DONE", "pg3 DONE");
            assertThat(result.explanation()).contains("The leader first", "max_connections shrinks");
        }
    }

    @Test
    void replicasTwiceWhereOneLimitShrinksAndAnotherGrows() throws Exception {
        String reasons = "{" + change("max_connections", 300, 200) + ", " + change("max_wal_senders", 10, 20) + "}";
        allPending(reasons);
        rules.afterRestart(() -> rules.pending("pg2", reasons)).afterRestart(() -> rules.pending("pg3", reasons));
        try (PatroniClient client = cluster.client()) {
            RollingRestartResult result = client.rollingRestart(r -> r.leader(LeaderRestart.SWITCHOVER));

            assertThat(outcomes(result.members()))
                    .containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE", "pg2 DONE", "pg3 DONE");
            assertThat(result.explanation()).contains("pg1 was restarted in place", "pg2, pg3 again, after the leader");
        }
        assertThat(cluster.posts()).isEmpty();
    }

    /** Patroni before 3.3 does not say which way a limit goes: that replicas still wait after their restart says it. */
    @Test
    void anOldPatroniThatDoesNotSayWhichWayEndsWithTheSmallerLimitToo() throws Exception {
        version("3.0.2");
        allPending("{}");
        rules.afterRestart(() -> rules.pending("pg2", "{}")).afterRestart(() -> rules.pending("pg3", "{}"));
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.rollingRestart(r -> r.onlyPending().leader(LeaderRestart.SWITCHOVER))
                            .members()))
                    .containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE", "pg2 DONE", "pg3 DONE");
        }
        assertThat(cluster.posts()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("versions")
    void aPatroniThatMissedAPendingRestartLooksAgain(String version) throws Exception {
        version(version);
        rules.pending("pg2", "{}").missed("pg3");
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.rollingRestart(r -> r.onlyPending()).members()))
                    .containsExactlyInAnyOrder("pg1 SKIPPED", "pg2 DONE", "pg3 DONE");
        }
        assertThat(rules.commands())
                .contains("pg1 POST /reload {}", "pg3 POST /reload {}")
                .filteredOn(command -> command.contains("/restart"))
                .containsExactlyInAnyOrder("pg2 POST /restart {}", "pg3 POST /restart {}");
    }

    /** A change that meets a replica's start has 3.0.2 forget that the start forced the old limit on it. */
    @Test
    void anOldPatroniThatForgotAForcedLimitIsFoundBehindTheLeader() throws Exception {
        version("3.0.2");
        allPending("{}");
        rules.afterRestart(() -> rules.missed("pg2")).afterRestart(() -> rules.pending("pg3", "{}"));
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.rollingRestart(r -> r.onlyPending()).members()))
                    .containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE", "pg2 DONE", "pg3 DONE");
        }
    }

    /**
     * Patroni that was putting together what is pending when the restart came says so afterwards, until it looks again.
     */
    @Test
    void whatIsSaidOfTheServerThatIsNoMoreIsDoubted() throws Exception {
        String shrinks = "{" + change("max_connections", 300, 200) + "}";
        allPending(shrinks);
        rules.afterRestart(() -> rules.pending("pg1", shrinks)).afterReload(() -> rules.settled("pg1"));
        try (PatroniClient client = cluster.client()) {
            RollingRestartResult result = client.rollingRestart(r -> r.onlyPending());
            assertThat(outcomes(result.members())).containsExactly("pg1 DONE", "pg2 DONE", "pg3 DONE");
            assertThat(result.view().members()).noneMatch(MemberView::pendingRestart);
        }
        assertThat(rules.commands())
                .filteredOn(command -> command.contains("reload"))
                .containsExactly("pg1 POST /reload {}");
    }

    @Test
    void aReplicaIsNotRestartedAgainForWhatNoLeaderForcesOnIt() throws Exception {
        String grows = "{" + change("max_connections", 200, 300) + "}";
        allPending(grows);
        rules.afterRestart(() -> rules.pending("pg2", grows)).afterReload(() -> rules.settled("pg2"));
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.rollingRestart(r -> r.onlyPending()).members()))
                    .containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
        }
        assertThat(rules.commands())
                .filteredOn(command -> command.contains("reload"))
                .containsExactly("pg2 POST /reload {}");
    }

    @ParameterizedTest
    @FieldSource("versions")
    void aSwitchoverInsteadOfTheLeadersRestart(String version) throws Exception {
        version(version);
        cluster.onSwitchover(
                () -> {
                    cluster.lead("pg2");
                    rules.boot("pg1");
                },
                ScriptedPatroni.text(200, "Successfully switched over to \"pg2\""));
        try (PatroniClient client = cluster.client()) {
            RollingRestartResult result = client.rollingRestart(r -> r.leader(LeaderRestart.SWITCHOVER));

            assertThat(outcomes(result.members())).containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
            assertThat(result.explanation()).contains("pg2 took over from pg1");
            assertThat(result.view().leader().orElseThrow().name()).isEqualTo("pg2");
        }
        assertThat(rules.commands())
                .filteredOn(command -> !command.endsWith("POST /reload {}"))
                .containsExactly("pg2 POST /restart {}", "pg3 POST /restart {}");
    }

    @Test
    void onlyWhatIsPending() throws Exception {
        rules.pending("pg3", "{}");
        try (PatroniClient client = cluster.client()) {
            assertThat(outcomes(client.rollingRestart(r -> r.onlyPending()).members()))
                    .containsExactly("pg2 SKIPPED", "pg1 SKIPPED", "pg3 DONE");
        }
        assertThat(rules.commands())
                .filteredOn(command -> !command.endsWith("POST /reload {}"))
                .containsExactly("pg3 POST /restart {}");
    }

    @Test
    void stopsBeforeTheFirstWhereAReplicaIsBehind() throws Exception {
        cluster.member(cluster.member("pg3").lag(50_000_000));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r.awaitReplicas(Duration.ofMillis(100))))
                    .withMessageContaining("pg3: 47 MB behind, more than 1 MB, before pg2 is restarted")
                    .satisfies(e -> assertThat(outcomes(e.members()))
                            .containsExactly("pg2 NOT_ASKED", "pg3 NOT_ASKED", "pg1 NOT_ASKED"));
            assertThat(outcomes(
                            client.rollingRestart(r -> r.maximumLag(50_000_000)).members()))
                    .containsExactly("pg2 DONE", "pg3 DONE", "pg1 DONE");
        }
    }

    @ParameterizedTest
    @FieldSource("versions")
    void stopsWhereAMemberDoesNotComeBack(String version) throws Exception {
        version(version);
        rules.afterRestart(() -> {
            cluster.member(cluster.member("pg2").state("running"));
            cluster.status(
                    "pg2",
                    "{\"state\": \"running\", \"role\": \"replica\", \"timeline\": 3, \"xlog\": {\"received_location\":"
                            + " 67108960}, \"postmaster_start_time\": \"" + cluster.started("pg2")
                            + "\", \"patroni\": {\"version\": \"" + version + "\"}}");
        });
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r.awaitReplicas(Duration.ofMillis(200))))
                    .withMessageContaining("pg2: not streaming (running), after the restart of pg2")
                    .satisfies(e -> assertThat(outcomes(e.members()))
                            .containsExactly("pg2 DONE", "pg3 NOT_ASKED", "pg1 NOT_ASKED"));
        }
        assertThat(rules.commands()).hasSize(1);
    }

    @Test
    void stopsWhereARestartFails() throws Exception {
        cluster.server("pg3").on("POST /restart", ScriptedPatroni.text(503, "restart failed"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r))
                    .satisfies(e -> assertThat(outcomes(e.members()))
                            .containsExactly("pg2 DONE", "pg3 FAILED", "pg1 NOT_ASKED"));
        }
        cluster.server("pg3").on("POST /restart", ScriptedPatroni.hangUp());
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r))
                    .withMessageContaining("pg3: unknown")
                    .withMessageContaining("pg1: not asked");
        }
        assertThat(cluster.server("pg1").count("POST /restart")).isZero();
    }

    @Test
    void aSwitchoverThatIsRefusedTellsWhatWasDoneBefore() throws Exception {
        cluster.onSwitchover(
                () -> {}, ScriptedPatroni.text(412, "switchover is not possible: no good candidates have been found"));
        try (PatroniClient client = cluster.client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r.leader(LeaderRestart.SWITCHOVER)))
                    .withMessageContaining("no good candidates")
                    .satisfies(e ->
                            assertThat(outcomes(e.members())).containsExactly("pg2 DONE", "pg3 DONE", "pg1 NOT_ASKED"));
        }
    }

    @Test
    void notInMaintenanceModeAndNotWithoutALeader() throws Exception {
        try (PatroniClient client = cluster.client()) {
            client.pause(p -> p);
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.paused"));
            client.resume(r -> r);
            cluster.member(cluster.member("pg1").role("replica"));
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.no-leader"));
        }
        assertThat(cluster.server("pg2").count("POST /restart")).isZero();
    }

    @Test
    void theDirectionOfLimits() {
        assertThat(SharedLimits.of(Map.of(
                        "max_connections", new ParameterChange("300", "200"),
                        "shared_buffers", new ParameterChange("16MB", "8MB"),
                        "max_wal_senders", new ParameterChange("10", "?"))))
                .isEqualTo(new SharedLimits(List.of(), List.of("max_connections")));
    }
}
