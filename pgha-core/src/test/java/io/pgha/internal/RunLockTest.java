package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.CommandResult;
import io.pgha.host.InMemoryTransport;
import io.pgha.plan.Plan;
import io.pgha.port.Offer;
import io.pgha.port.OperationLock;
import io.pgha.run.RunEvent;
import io.pgha.run.RunFailedException;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import io.pgha.testing.Rehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The lock around a run, on machines in memory. */
class RunLockTest {
    private final InMemoryTransport transport = InMemoryTransport.of("trixie");
    private final SecretStore secrets = SecretStore.memory();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private volatile Optional<Problem> lost = Optional.empty();

    /** Stands for the DCS: says what was taken and given back, and loses it when told to. */
    private final class DcsLock implements Component {
        @Override
        public String name() {
            return "dcs";
        }

        @Override
        public List<StageSpec> stages(PlanContext context) {
            return List.of();
        }

        @Override
        public List<Offer<?>> offers() {
            return List.of(new Offer<>(OperationLock.class, ports -> lock()));
        }

        private OperationLock lock() {
            return holder -> {
                taken.add(holder.purpose());
                return new OperationLock.Held() {
                    @Override
                    public Optional<Problem> lost() {
                        return lost;
                    }

                    @Override
                    public void close() {
                        taken.add("given back");
                    }
                };
            };
        }
    }

    private Cluster cluster() {
        return Rehearsal.pgha(transport, secrets, List.of(new ToyComponent("one\n"), new DcsLock()))
                .cluster(Rehearsal.config().build());
    }

    @Test
    void aRunTakesTheLockAndGivesItBackAndAnEmptyOneTakesNone() throws Exception {
        Plan plan = cluster().plan();
        assertThat(taken).isEmpty();
        plan.apply();
        assertThat(taken).containsExactly("apply " + plan.steps().size() + " changes", "given back");

        int before = transport.roundTrips("postgres-01");
        cluster().plan().apply();
        assertThat(transport.roundTrips("postgres-01") - before)
                .as("facts and observation")
                .isEqualTo(2);
        assertThat(taken).hasSize(2);
    }

    @Test
    void whoHoldsItIsToldAndNothingIsTouched() throws Exception {
        Plan plan = cluster().plan();
        transport.answer("postgres-03", "pgha:lock", "locked ops@elsewhere, process 7, since noon, to apply 3 changes");

        assertThatThrownBy(plan::apply).isInstanceOfSatisfying(RunFailedException.class, e -> {
            assertThat(e.code()).isEqualTo(OperationLock.LOCKED);
            assertThat(e)
                    .hasMessageContaining("ops@elsewhere, process 7, since noon, to apply 3 changes")
                    .hasMessageContaining("To fix:");
            assertThat(e.report().done()).isEmpty();
        });
        assertThat(transport.done("postgres-01")).isEmpty();
        assertThat(taken).isEmpty();
    }

    @Test
    void aLockThatIsLostStopsTheRunBeforeItsNextStep() throws Exception {
        Plan plan = cluster().plan();
        List<RunEvent> finished = new ArrayList<>();

        assertThatThrownBy(() -> plan.apply(run -> run.listener(event -> {
                    if (event instanceof RunEvent.StepFinished) {
                        finished.add(event);
                        lost = Optional.of(Problem.of(OperationLock.LOST, "The lease ran out", "Plan again."));
                    }
                })))
                .isInstanceOfSatisfying(
                        RunFailedException.class, e -> assertThat(e.code()).isEqualTo(OperationLock.LOST));
        assertThat(finished.size()).isLessThan(plan.steps().size());
        assertThat(taken).last().isEqualTo("given back");
    }

    @Test
    void aHostWhoseLockIsAnothersRefusesTheStep() throws Exception {
        Plan plan = cluster().plan();
        transport.behave((node, request) -> request.step().isEmpty()
                ? new CommandResult(0, "", "")
                : new CommandResult(HostLock.LOST_STATUS, "", "pgha-lock: locked ops@elsewhere\n"));

        assertThatThrownBy(plan::apply)
                .isInstanceOfSatisfying(
                        RunFailedException.class, e -> assertThat(e.code()).isEqualTo(OperationLock.LOST))
                .hasMessageContaining("ops@elsewhere");
    }

    @Test
    void workOfOnesOwnTakesTheSameLock() throws Exception {
        Cluster cluster = cluster();
        try (OperationLock.Held held = cluster.lock("replace postgres-02")) {
            assertThat(held.lost()).isEmpty();
            assertThat(taken).containsExactly("replace postgres-02");
        }
        transport.answer("haproxy-01", "pgha:lock", "no answer at all");
        assertThatThrownBy(() -> cluster.lock("replace postgres-02"))
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.lock-failed"));
    }
}
