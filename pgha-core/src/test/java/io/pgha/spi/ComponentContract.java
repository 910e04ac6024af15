package io.pgha.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.ClusterConfig;
import io.pgha.plan.Plan;
import io.pgha.plan.Step;
import io.pgha.run.Run;
import io.pgha.run.RunCancelledException;
import io.pgha.run.RunEvent;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Rehearsal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every component must do, on machines in memory: reach an empty plan, survive a cancel at every step boundary,
 * and plan a restart that an earlier run left pending.
 */
public abstract class ComponentContract {

    /** The component under test and those that it needs, in order. */
    protected abstract List<Component> components();

    /** The cluster it is tried on. */
    protected ClusterConfig config() {
        return Rehearsal.config().build();
    }

    /** The units whose pending restart must be planned; empty where it has none. */
    protected abstract List<String> units();

    @Test
    void planIsEmptyRightAfterApply() throws Exception {
        for (String release : List.of("bookworm", "trixie")) {
            try (PgHa pgha = library(InMemoryTransport.of(release))) {
                Cluster cluster = pgha.cluster(config());
                Plan first = cluster.plan();
                assertThat(first.isEmpty()).isFalse();
                first.apply();
                assertThat(cluster.plan().toString()).isEqualTo("demo: nothing to do, 0 changes");
            }
        }
    }

    @Test
    void aRunThatWasCancelledAnywhereIsFinishedByTheNext() throws Exception {
        int steps;
        try (PgHa pgha = library(InMemoryTransport.of("trixie"))) {
            steps = pgha.cluster(config()).plan().steps().size();
        }
        for (int boundary = 0; boundary < steps; boundary += Math.max(1, steps / 12)) {
            try (PgHa pgha = library(InMemoryTransport.of("trixie"))) {
                Cluster cluster = pgha.cluster(config());
                cancelAfter(cluster.plan(), boundary);
                cluster.plan().apply();
                assertThat(cluster.plan().isEmpty())
                        .as("cancelled after %d steps", boundary)
                        .isTrue();
            }
        }
    }

    private static void cancelAfter(Plan plan, int boundary) throws InterruptedException {
        AtomicInteger finished = new AtomicInteger();
        CompletableFuture<Run> self = new CompletableFuture<>();
        Run run = plan.start(options -> options.listener(event -> {
            if ((event instanceof RunEvent.StepFinished && finished.incrementAndGet() >= boundary)
                    || (event instanceof RunEvent.RunStarted && boundary == 0)) {
                self.join().cancel();
            }
        }));
        self.complete(run);
        try {
            run.await(); // a run that outran the listener is as good a start for what follows
        } catch (RunCancelledException expected) {
            assertThat(expected.report().done()).hasSizeLessThan(plan.steps().size());
        }
    }

    @Test
    void aPendingRestartIsPlanned() throws Exception {
        for (String unit : units()) {
            InMemoryTransport transport = InMemoryTransport.of("trixie");
            try (PgHa pgha = library(transport)) {
                Cluster cluster = pgha.cluster(config());
                cluster.plan().apply();
                String node = cluster.config().topology().nodes().stream()
                        .map(any -> any.name())
                        .filter(name -> transport.done(name).stream().anyMatch(step -> step.isStep("service:" + unit)))
                        .findFirst()
                        .orElseThrow();
                transport.answer(node, "service:" + unit, "active yes no enabled RESTART");
                assertThat(cluster.plan().steps())
                        .filteredOn(step -> step.resource().equals("service:" + unit))
                        .singleElement()
                        .extracting(Step::node, Step::reason)
                        .containsExactly(node, "a restart is pending from an earlier run");
            }
        }
    }

    @Test
    void refusesNothingOnABareMachine() throws Exception {
        try (PgHa pgha = library(InMemoryTransport.of("bookworm"))) {
            assertThat(pgha.cluster(config()).check()).isEmpty();
            assertThatThrownBy(() -> pgha.cluster(config()).config().node("nobody"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private PgHa library(InMemoryTransport transport) {
        return Rehearsal.pgha(transport, SecretStore.memory(), components());
    }
}
