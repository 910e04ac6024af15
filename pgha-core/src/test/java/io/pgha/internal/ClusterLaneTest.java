package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.plan.Phase;
import io.pgha.plan.Plan;
import io.pgha.plan.StalePlanException;
import io.pgha.plan.Step;
import io.pgha.run.RunReport;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Act;
import io.pgha.spi.ClusterLane;
import io.pgha.spi.Component;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.Rehearsal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is the cluster's is asked of all who could tell, and done once, at one that tells. */
class ClusterLaneTest {
    private static final String ID = "toy:shared";

    private final InMemoryTransport transport = InMemoryTransport.of("trixie");

    private Cluster cluster() {
        return Rehearsal.pgha(transport, SecretStore.memory(), List.of(new Sharing()))
                .cluster(Rehearsal.config().build());
    }

    private static List<Step> shared(Plan plan) {
        return plan.steps().stream().filter(step -> step.resource().equals(ID)).toList();
    }

    private List<String> doneOn() {
        return List.of("postgres-01", "postgres-02", "postgres-03").stream()
                .filter(node -> transport.done(node).stream().anyMatch(request -> request.isStep(ID)))
                .toList();
    }

    @Test
    void whereNobodyTellsThereIsNothingToCompare() throws Exception {
        assertThat(shared(cluster().plan())).isEmpty();
    }

    @Test
    void theFirstThatTellsCountsAndTheStepIsTheClusters() throws Exception {
        transport.answer("postgres-02", ID, "old").answer("postgres-03", ID, "wanted");
        Plan plan = cluster().plan();

        assertThat(shared(plan)).singleElement().satisfies(step -> {
            assertThat(step.node()).isEqualTo("demo");
            assertThat(step.reason()).isEqualTo("is old");
        });
        assertThat(plan.toString()).contains("once for the cluster", "- share: is old  {reload}  [demo]");
        assertThat(plan.apply().outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(doneOn()).containsExactly("postgres-02");
        assertThat(shared(cluster().plan())).isEmpty();
    }

    @Test
    void whoTellsWhenItIsDoneMayBeAnother() throws Exception {
        transport.answer("postgres-02", ID, "old");
        Plan plan = cluster().plan();
        transport.answer("postgres-02", ID, "silent").answer("postgres-03", ID, "old");
        plan.apply();

        assertThat(doneOn()).containsExactly("postgres-03");
    }

    @Test
    void whatIsToldHasChangedSinceThePlan() throws Exception {
        transport.answer("postgres-02", ID, "old");
        Plan plan = cluster().plan();
        transport.answer("postgres-01", ID, "older");

        assertThatThrownBy(plan::apply).isInstanceOf(StalePlanException.class).hasMessageContaining("demo: " + ID);
        assertThat(doneOn()).isEmpty();
    }

    @Test
    void askingAllCostsNoRoundTripMore() throws Exception {
        Cluster cluster = cluster();
        cluster.plan().apply();
        int before = transport.roundTrips("postgres-02");
        cluster.plan();

        assertThat(transport.roundTrips("postgres-02") - before).isEqualTo(1);
    }

    @Test
    void nodesThatSeeDifferentThingsAreNoCluster() {
        Node one = Rehearsal.config().build().node("postgres-01");
        Node two = Rehearsal.config().build().node("postgres-02");
        assertThatThrownBy(() -> new ClusterLane(Map.of(one, List.of(new Shared(one)), two, List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClusterLane(Map.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private record Shared(Node node) implements Resource {
        @Override
        public String id() {
            return ID;
        }

        @Override
        public String title() {
            return "share";
        }

        @Override
        public Probe probe() {
            return new Probe(ID, "ask " + node.address(), "silent");
        }

        @Override
        public boolean told(String answer) {
            return !answer.equals("silent");
        }

        @Override
        public Optional<Change> diff(Observation observation) {
            return List.of("wanted", "silent").contains(observation.text())
                    ? Optional.empty()
                    : Optional.of(Change.of("is " + observation.text(), Impact.RELOAD));
        }

        @Override
        public Act act(Observation observation) {
            return Act.inJava(
                    context -> {
                        throw new AssertionError("a rehearsal does nothing");
                    },
                    "wanted");
        }
    }

    private static final class Sharing implements Component {
        @Override
        public String name() {
            return "sharing";
        }

        @Override
        public List<StageSpec> stages(PlanContext context) {
            return List.of(StageSpec.of(Phase.DATABASE, "what is shared")
                    .cluster(context.config().postgresNodes(), node -> List.of(new Shared(node)))
                    .build());
        }
    }
}
