package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHaException;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.operation.PauseScope;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.operation.Switchover;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.MaintenanceGate;
import io.pgha.testing.MovableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Operations around closed times: 09:00 to 15:00 in Tokyo, which is 00:00 to 06:00 UTC. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PatroniClientMaintenanceTest {
    private static final String BEFORE = "2026-11-23T23:59:00Z";
    private static final String DURING = "2026-11-24T02:00:00Z";
    private static final String AFTER = "2026-11-24T06:00:00Z";
    private static final String UNTIL = "maintenance is closed until 15:00 Asia/Tokyo (09:00 to 15:00 every day)";

    private final MovableClock clock = new MovableClock(DURING);
    private final FakeCluster cluster = new FakeCluster("4.1.4");
    private final PatroniRules rules = new PatroniRules(cluster);

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private PatroniClient client() {
        MaintenanceConfig closed = MaintenanceConfig.builder()
                .zone("Asia/Tokyo")
                .closed("09:00", "15:00")
                .build();
        return cluster.client(c -> c.maintenance(MaintenanceGate.of(closed, clock)));
    }

    /** An operation with what its builder is told. */
    private record Interrupting(String name, Call call) {
        interface Call {
            Object on(PatroniClient client, String override) throws InterruptedException;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Interrupting> operations = List.of(
            new Interrupting(
                    "switchover",
                    (client, why) -> client.switchover(
                            s -> why.isEmpty() ? s.to("pg2") : s.to("pg2").override(why))),
            new Interrupting(
                    "failover",
                    (client, why) -> client.failover(
                            f -> why.isEmpty() ? f.to("pg2") : f.to("pg2").override(why))),
            new Interrupting("restart", (client, why) -> client.restart(r -> why.isEmpty() ? r : r.override(why))),
            new Interrupting(
                    "rollingRestart", (client, why) -> client.rollingRestart(r -> why.isEmpty() ? r : r.override(why))),
            new Interrupting(
                    "reinit",
                    (client, why) -> client.reinit(r -> why.isEmpty()
                            ? r.member("pg3")
                            : r.member("pg3").await(Duration.ZERO).override(why))),
            new Interrupting("pause", (client, why) -> client.pause(p -> why.isEmpty() ? p : p.override(why))),
            new Interrupting("pauseScope", (client, why) -> {
                try (PauseScope scope = client.pauseScope(p -> why.isEmpty() ? p : p.override(why))) {
                    return scope.result();
                }
            }),
            new Interrupting(
                    "demoteCluster",
                    (client, why) -> client.demoteCluster(d -> why.isEmpty()
                            ? d.host("10.0.0.9")
                            : d.host("10.0.0.9").override(why))),
            new Interrupting(
                    "promoteCluster",
                    (client, why) -> client.promoteCluster(p -> why.isEmpty() ? p : p.override(why))));

    @ParameterizedTest
    @FieldSource("operations")
    void everyOperationThatInterruptsIsRefusedAndNobodyIsAsked(Interrupting operation) throws Exception {
        try (PatroniClient client = client()) {
            assertThatExceptionOfType(MaintenanceClosedException.class)
                    .isThrownBy(() -> operation.call().on(client, ""))
                    .withMessageContaining(UNTIL)
                    .withMessageContaining("To fix: Try again at 15:00 Asia/Tokyo")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("maintenance.closed"))
                    .satisfies(e -> assertThat(e.opening()).isEqualTo(Instant.parse(AFTER)));
        }
        assertThat(rules.commands()).isEmpty();
        assertThat(cluster.posts()).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("operations")
    void anOverrideGoesOnAndTheResultKeepsItsReason(Interrupting operation) throws Exception {
        cluster.onSwitchover(() -> cluster.lead("pg2"), ScriptedPatroni.text(200, "Successfully switched over"));
        cluster.on("POST /failover", (request, socket) -> {
            cluster.lead("pg2");
            ScriptedPatroni.text(200, "Successfully failed over").answer(request, socket);
        });
        try (PatroniClient client = client()) {
            assertThat(operation.call().on(client, "ticket 4711").toString()).contains("ticket 4711");
        }
    }

    @Test
    void anOverrideThatWasNotNeededIsNotKept() throws Exception {
        clock.set(BEFORE);
        cluster.onSwitchover(() -> cluster.lead("pg2"), ScriptedPatroni.text(200, "Successfully switched over"));
        try (PatroniClient client = client()) {
            assertThat(client.switchover(s -> s.to("pg2").override("to be sure"))
                            .overridden())
                    .isEmpty();
        }
    }

    @Test
    void withoutClosedTimesNothingIsRefused() throws Exception {
        try (PatroniClient client = cluster.client()) {
            assertThat(client.rollingRestart(r -> r).overridden()).isEmpty();
        }
    }

    @Test
    void whatInterruptsNothingIsNotRefused() throws Exception {
        rules.pending("pg2", "{}");
        clock.set(BEFORE);
        try (PatroniClient client = client()) {
            client.pause(p -> p);
            clock.set(DURING);
            assertThat(client.view().paused()).isTrue();
            assertThat(client.resume(r -> r).changed()).isTrue();
            client.reload(r -> r);
        }
    }

    @Test
    void aSwitchoverAtTheNextOpeningIsLeftToPatroni() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.text(202, "Switchover scheduled"));
        try (PatroniClient client = client()) {
            SwitchoverResult result = client.switchover(s -> s.to("pg2").atNextOpening());

            assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
            assertThat(result.overridden()).isEmpty();
            assertThat(result.explanation())
                    .startsWith("Maintenance is closed until 15:00 Asia/Tokyo (09:00 to 15:00 every day).")
                    .contains("Patroni does it at 2026-11-24T15:00+09:00 if pg1 still leads");
        }
        assertThat(cluster.posts())
                .containsExactly(
                        "{\"leader\":\"pg1\",\"candidate\":\"pg2\",\"scheduled_at\":\"2026-11-24T15:00:00+09:00\"}");
    }

    @Test
    void atNextOpeningIsNowWhereMaintenanceIsOpen() throws Exception {
        clock.set(AFTER);
        cluster.onSwitchover(() -> cluster.lead("pg2"), ScriptedPatroni.text(200, "Successfully switched over"));
        try (PatroniClient client = client()) {
            assertThat(client.switchover(s -> s.to("pg2").atNextOpening()).outcome())
                    .isEqualTo(SwitchoverOutcome.SWITCHED);
        }
    }

    @Test
    void whatIsScheduledIsJudgedByItsMoment() throws Exception {
        cluster.onSwitchover(() -> {}, ScriptedPatroni.text(202, "Switchover scheduled"));
        OffsetDateTime closed = OffsetDateTime.parse("2099-01-01T10:00:00+09:00");
        OffsetDateTime open = OffsetDateTime.parse("2099-01-01T16:00:00+09:00");
        try (PatroniClient client = client()) {
            assertThatExceptionOfType(MaintenanceClosedException.class)
                    .isThrownBy(() -> client.switchover(s -> s.at(closed)))
                    .withMessageStartingWith("The switchover at 2099-01-01T10:00+09:00 would interrupt the service");
            assertThatExceptionOfType(MaintenanceClosedException.class)
                    .isThrownBy(() -> client.restart(r -> r.at(closed)));
            assertThat(cluster.posts()).isEmpty();

            assertThat(client.switchover(s -> s.at(open)).outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
            assertThat(client.restart(r -> r.at(open)))
                    .extracting(MemberResult::outcome)
                    .containsOnly(MemberOutcome.SCHEDULED);
            assertThat(client.switchover(s -> s.at(closed).override("agreed")).overridden())
                    .contains("agreed");
        }
    }

    @Test
    void aRestartAtTheNextOpeningWaitsHereAndKeepsTheOrder() throws Exception {
        try (PatroniClient client = client()) {
            CompletableFuture<RollingRestartResult> result = client.rollingRestartAsync(r -> r.atNextOpening());
            CompletableFuture<List<MemberResult>> cancelled = client.restartAsync(r -> r.atNextOpening());
            cancelled.cancel(true);
            assertThat(result).isNotDone();
            assertThat(rules.commands()).isEmpty();

            clock.set(AFTER);
            assertThat(result.get(30, TimeUnit.SECONDS).members())
                    .extracting(MemberResult::member)
                    .containsExactly("pg2", "pg3", "pg1");
        }
        assertThat(rules.commands()).hasSize(3);
    }

    @Test
    void closingTheClientEndsTheWait() {
        CompletableFuture<PauseResult> waiting;
        try (PatroniClient client = client()) {
            waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.pause(p -> p.atNextOpening());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(waiting::join)
                .havingCause()
                .satisfies(e -> assertThat(((PgHaException) e).code()).isEqualTo("patroni.closed"));
    }

    @Test
    void aRollingRestartThatBeganInTimeStopsBeforeTheNextMember() throws Exception {
        clock.set(BEFORE);
        rules.afterRestart(() -> clock.set(DURING));
        try (PatroniClient client = client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.rollingRestart(r -> r))
                    .withMessageContaining(
                            "The rolling restart stopped: The restart of pg3 would interrupt the service")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("maintenance.closed"))
                    .satisfies(e -> assertThat(e.members())
                            .extracting(one -> one.member() + " " + one.outcome())
                            .containsExactly("pg2 DONE", "pg3 NOT_ASKED", "pg1 NOT_ASKED"));
        }
        assertThat(rules.commands()).hasSize(1);
    }

    @Test
    void restartsThatBeganInTimeStopBeforeTheNextMember() throws Exception {
        clock.set(BEFORE);
        rules.afterRestart(() -> clock.set(DURING));
        try (PatroniClient client = client()) {
            assertThatExceptionOfType(OperationFailedException.class)
                    .isThrownBy(() -> client.restart(r -> r))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("maintenance.closed"))
                    .satisfies(e -> assertThat(e.members())
                            .extracting(one -> one.member() + " " + one.outcome())
                            .containsExactly("pg2 DONE", "pg3 NOT_ASKED", "pg1 NOT_ASKED"));
        }
        assertThat(rules.commands()).hasSize(1);
    }

    /**
     * Choosing a candidate takes its time: the request itself must not be sent when maintenance has closed meanwhile.
     */
    @Test
    void theRequestIsNotSentWhenItIsTooLate() throws Exception {
        clock.set(BEFORE);
        cluster.on("GET /history", (request, socket) -> {
            clock.set(DURING);
            ScriptedPatroni.json("[]").answer(request, socket);
        });
        try (PatroniClient client = client()) {
            assertThatExceptionOfType(MaintenanceClosedException.class)
                    .isThrownBy(() -> client.switchover(s -> s.to("pg2")))
                    .withMessageStartingWith("The switchover from pg1 to pg2 would interrupt the service");
        }
        assertThat(cluster.posts()).isEmpty();
    }

    @Test
    void whereNobodyLeadsAFailoverIsNotRefused() throws Exception {
        cluster.member(cluster.member("pg1").role("replica").state("stopped"));
        cluster.on("POST /failover", (request, socket) -> {
            cluster.lead("pg3");
            ScriptedPatroni.text(200, "Successfully failed over").answer(request, socket);
        });
        try (PatroniClient client = client()) {
            FailoverResult result = client.failover(f -> f.to("pg3"));
            assertThat(result.to()).isEqualTo("pg3");
            assertThat(result.overridden()).isEmpty();
        }
    }

    @Test
    void theOptionsTakeClosedTimesAndCheckThem() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> Patroni.client(
                        c -> c.endpoint("https://10.0.0.1:8008").maintenance(m -> m.closed("09:00", "15:00"))))
                .withMessageContaining("maintenance.zone");
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(() -> Switchover.builder().override(" "))
                .satisfies(e -> assertThat(e.code()).isEqualTo("maintenance.reason"));
    }
}
