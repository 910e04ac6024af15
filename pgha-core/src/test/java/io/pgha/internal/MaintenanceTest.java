package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.PgHaException;
import io.pgha.host.CommandResult;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.Node;
import io.pgha.plan.Impact;
import io.pgha.plan.Plan;
import io.pgha.plan.StalePlanException;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.Run;
import io.pgha.run.RunCancelledException;
import io.pgha.run.RunEvent;
import io.pgha.run.RunFailedException;
import io.pgha.run.RunListener;
import io.pgha.run.RunReport;
import io.pgha.run.StepRef;
import io.pgha.secret.SecretStore;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import io.pgha.testing.FakePki;
import io.pgha.testing.MovableClock;
import io.pgha.testing.Rehearsal;
import io.pgha.testing.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Plans and runs around closed times: 09:00 to 15:00 in Tokyo, which is 00:00 to 06:00 UTC. */
class MaintenanceTest {
    private static final String BEFORE = "2026-11-23T23:59:00Z";
    private static final String DURING = "2026-11-24T02:00:00Z";
    private static final String AFTER = "2026-11-24T06:00:00Z";

    private final MovableClock clock = new MovableClock(BEFORE);
    private final SecretStore secrets = SecretStore.memory();
    private final InMemoryTransport transport = InMemoryTransport.of("trixie");

    private Cluster cluster(ToyComponent component) {
        return PgHa.builder()
                .transport(transport)
                .secrets(secrets)
                .clock(clock)
                .install(new FakePki())
                .install(component)
                .install(StandIn.beside(List.of(component)))
                .build()
                .cluster(Rehearsal.config()
                        .maintenance(m -> m.zone("Asia/Tokyo").closed("09:00", "15:00"))
                        .build());
    }

    /** The plan that restarts the daemons of a cluster that runs. */
    private Plan restart() throws InterruptedException {
        cluster(new ToyComponent("one\n")).plan().apply();
        return cluster(new ToyComponent("two\n")).plan();
    }

    private int commands() {
        return List.of("postgres-01", "postgres-02", "postgres-03").stream()
                .mapToInt(node -> transport.done(node).size())
                .sum();
    }

    @Test
    void aFirstDeployInterruptsNothingAndIsNeverRefused() throws Exception {
        clock.set(DURING);
        Plan plan = cluster(new ToyComponent("one\n")).plan();

        assertThat(plan.impact().interrupts()).isFalse();
        assertThat(plan.closed()).isEmpty();
        assertThat(plan.toString()).doesNotContain("closed");
        RunReport report = plan.apply();
        assertThat(report.outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(report.overridden()).isEmpty();
    }

    @Test
    void everythingFromARestartOnInterrupts() {
        assertThat(Impact.values())
                .filteredOn(Impact::interrupts)
                .containsExactly(
                        Impact.RESTART, Impact.ROLLING_RESTART, Impact.SWITCHOVER, Impact.REINIT, Impact.DESTRUCTIVE);
    }

    @Test
    void aPlanThatInterruptsIsRefusedBeforeAnythingIsTouched() throws Exception {
        Plan plan = restart();
        int before = commands();
        int trips = transport.roundTrips("postgres-01");
        clock.set(DURING);

        assertThatThrownBy(plan::apply)
                .isInstanceOfSatisfying(MaintenanceClosedException.class, e -> {
                    assertThat(e.code()).isEqualTo("maintenance.closed");
                    assertThat(e.opening()).isEqualTo(Instant.parse(AFTER));
                    assertThat(e.remedy()).contains("15:00 Asia/Tokyo", ".override(\"the reason\")");
                })
                .hasMessageStartingWith(
                        "Applying this plan to demo would interrupt the service, and maintenance is closed until 15:00 Asia/Tokyo"
                                + " (09:00 to 15:00 every day)");
        assertThat(commands()).isEqualTo(before);
        assertThat(transport.roundTrips("postgres-01")).isEqualTo(trips);
    }

    @Test
    void thePlanSaysThatItWouldBeRefused() throws Exception {
        Plan plan = restart();
        assertThat(plan.toString()).doesNotContain("Maintenance");

        clock.set(DURING);
        assertThat(plan.closed())
                .hasValueSatisfying(closure -> assertThat(closure.openingText()).isEqualTo("15:00 Asia/Tokyo"));
        assertThat(plan.toString().lines().skip(1).findFirst())
                .contains(
                        "Maintenance is closed until 15:00 Asia/Tokyo (09:00 to 15:00 every day): refused until then, unless"
                                + " overridden");
        assertThat(plan.details()).contains("Maintenance is closed until 15:00 Asia/Tokyo");
    }

    @Test
    void anOverrideGoesOnAndItsReasonIsKept() throws Exception {
        Plan plan = restart();
        clock.set(DURING);
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        RunReport report =
                plan.apply(run -> run.override("disk fails, ticket 4711").listener(RunListener.jsonLines(json)));

        assertThat(report.overridden()).contains("disk fails, ticket 4711");
        assertThat(report.toString()).endsWith("\nMaintenance was closed; overridden: disk fails, ticket 4711");
        assertThat(json.toString(StandardCharsets.UTF_8)).contains("\"overridden\":\"disk fails, ticket 4711\"");
        assertThat(cluster(new ToyComponent("two\n")).plan().isEmpty()).isTrue();
    }

    @Test
    void anOverrideThatWasNotNeededIsNotKept() throws Exception {
        assertThat(restart().apply(run -> run.override("to be sure")).overridden())
                .isEmpty();
    }

    @Test
    void anOverrideNeedsAReason() throws Exception {
        Plan plan = restart();
        for (String reason : List.of("", "  ", "one\ntwo", "a\u2028b")) {
            assertThatThrownBy(() -> plan.apply(run -> run.override(reason)))
                    .isInstanceOfSatisfying(
                            PgHaException.class, e -> assertThat(e.code()).isEqualTo("maintenance.reason"));
        }
    }

    @Test
    void atNextOpeningWaitsForIt() throws Exception {
        Plan plan = restart();
        int before = commands();
        clock.set(DURING);
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        CountDownLatch waiting = new CountDownLatch(1);
        Run run = plan.start(options -> options.atNextOpening()
                .listener(RunListener.plain(new PrintStream(console, true, StandardCharsets.UTF_8)))
                .listener(event -> {
                    if (event instanceof RunEvent.WaitingForOpening) {
                        waiting.countDown();
                    }
                }));
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(commands()).isEqualTo(before);

        clock.set(AFTER);
        RunReport report = run.await();
        assertThat(report.outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(report.overridden()).isEmpty();
        assertThat(console.toString(StandardCharsets.UTF_8))
                .contains("Maintenance is closed until 15:00 Asia/Tokyo (09:00 to 15:00 every day); waiting");
    }

    @Test
    void theWaitCanBeCancelled() throws Exception {
        Plan plan = restart();
        int before = commands();
        clock.set(DURING);
        Run run = plan.start(options -> options.atNextOpening());
        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(RunCancelledException.class);
        assertThat(commands()).isEqualTo(before);
    }

    @Test
    void theHostsAreLookedAtAgainAfterTheWait() throws Exception {
        Plan plan = restart();
        clock.set(DURING);
        Run run = plan.start(options -> options.atNextOpening());
        transport.answer("postgres-02", "file:/etc/toy.conf", "644 root:root\nb3RoZXIK");
        clock.set(AFTER);

        assertThatThrownBy(run::await).isInstanceOf(StalePlanException.class);
    }

    @Test
    void aRunThatBeganInTimeStopsBeforeTheNextInterruption() throws Exception {
        RollingPolicy closesAfterTheFirst = new OneByOne() {
            @Override
            public void awaitReady(Node node, StepContext context) {
                clock.set(DURING);
            }
        };
        cluster(new ToyComponent("one\n")).plan().apply();
        Plan plan = cluster(new ToyComponent("two\n", closesAfterTheFirst)).plan();

        assertThatThrownBy(plan::apply)
                .isInstanceOfSatisfying(RunFailedException.class, e -> {
                    assertThat(e.code()).isEqualTo("maintenance.closed");
                    assertThat(e.report().done())
                            .filteredOn(step -> step.title().equals("run toy"))
                            .extracting(StepRef::node)
                            .containsExactly("postgres-01");
                })
                .hasCauseInstanceOf(MaintenanceClosedException.class)
                .hasMessageStartingWith("The step \"run toy\" on postgres-02 would interrupt the service");
        assertThat(transport.done("postgres-02"))
                .as("the restart of the first deploy only")
                .filteredOn(step -> step.isStep("service:toy"))
                .hasSize(1);

        clock.set(AFTER);
        for (String node : List.of("postgres-02", "postgres-03")) { // what the marker on a real host says
            transport.answer(node, "service:toy", "active yes no enabled RESTART");
        }
        Plan rest = cluster(new ToyComponent("two\n")).plan();
        assertThat(rest.impact()).isEqualTo(Impact.RESTART);
        rest.apply();
        assertThat(cluster(new ToyComponent("two\n")).plan().isEmpty()).isTrue();
    }

    /** The wait for a node to be safe may be long: it is asked again behind it. */
    @Test
    void closingWhileANodeIsMadeSafeStopsTheRestart() throws Exception {
        RollingPolicy slow = new OneByOne() {
            @Override
            public void awaitSafe(Node node, StepContext context) {
                clock.set(DURING);
            }
        };
        cluster(new ToyComponent("one\n")).plan().apply();
        clock.set(BEFORE);
        Plan plan = cluster(new ToyComponent("two\n", slow)).plan();
        List<RunEvent> events = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> plan.apply(run -> run.listener(events::add)))
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("\"run toy\" on postgres-01");
        assertThat(events)
                .filteredOn(RunEvent.StepStarted.class::isInstance)
                .noneMatch(
                        event -> ((RunEvent.StepStarted) event).step().title().equals("run toy"));
    }

    @Test
    void anOverrideHoldsForTheWholeRun() throws Exception {
        Plan plan = restart();
        transport.behave((node, request) -> {
            clock.set(DURING);
            return new CommandResult(0, "", "");
        });
        assertThat(plan.apply(run -> run.override("too late to stop")).overridden())
                .contains("too late to stop");
    }
}
