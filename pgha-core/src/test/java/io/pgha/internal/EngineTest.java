package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.Cluster;
import io.pgha.NullArgumentException;
import io.pgha.PgHa;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.plan.Phase;
import io.pgha.plan.Plan;
import io.pgha.plan.PreflightFailedException;
import io.pgha.plan.StalePlanException;
import io.pgha.plan.Step;
import io.pgha.resource.CommandResource;
import io.pgha.run.RunCancelledException;
import io.pgha.run.RunEvent;
import io.pgha.run.RunFailedException;
import io.pgha.run.RunReport;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Act;
import io.pgha.spi.Component;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StageSpec;
import io.pgha.spi.StepContext;
import io.pgha.testing.Rehearsal;
import io.pgha.testing.StandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final InMemoryTransport transport = InMemoryTransport.of("trixie");
    private final ClusterConfig config = Rehearsal.config().build();

    private Cluster cluster(Component... components) {
        return Rehearsal.pgha(transport, SecretStore.memory(), List.of(components))
                .cluster(config);
    }

    private static List<Step> of(Plan plan, String node) {
        return plan.steps().stream()
                .filter(step -> step.node().equals(node) && isToy(step))
                .toList();
    }

    private static boolean isToy(Step step) {
        return step.resource().contains("toy");
    }

    @Test
    void stagesFollowThePhasesAndReasonsAreGiven() throws Exception {
        Plan plan = cluster(new ToyComponent("one\n")).plan();

        assertThat(plan.stages()).extracting(stage -> stage.phase()).isSorted();
        assertThat(of(plan, "postgres-02"))
                .extracting(Step::title, Step::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("write /etc/toy.conf", "absent"),
                        org.assertj.core.groups.Tuple.tuple(
                                "run toy", "is inactive, is not enabled, /etc/toy.conf changes"),
                        org.assertj.core.groups.Tuple.tuple("wait until toy answers", "not yet"));
    }

    @Test
    void nullIsRefusedInTheWordsOfTheCallThatWasWritten() throws Exception {
        Cluster cluster = cluster(new ToyComponent("one\n"));
        Plan plan = cluster.plan();

        assertThat(said(() -> plan.apply(null))).startsWith("Plan.apply(..): options must not be null\n");
        assertThat(said(() -> plan.start(null))).startsWith("Plan.start(..): options must not be null\n");
        assertThat(said(() -> cluster.render().writeTo(null)))
                .startsWith("Rendering.writeTo(..): directory must not be null\n");
        assertThat(said(() -> SecretStore.directory(null)))
                .startsWith("SecretStore.directory(..): directory must not be null\n");
        for (SecretStore store : List.of(SecretStore.memory(), SecretStore.directory(Path.of("unused")))) {
            assertThat(said(() -> store.forCluster(null)))
                    .startsWith("SecretStore.forCluster(..): cluster must not be null\n");
        }
    }

    private static String said(ThrowingCallable call) {
        return catchThrowableOfType(NullArgumentException.class, call).getMessage();
    }

    @Test
    void anAppliedPlanLeavesNothingToDo() throws Exception {
        Cluster cluster = cluster(new ToyComponent("one\n"));
        RunReport report = cluster.plan().apply();

        assertThat(report.outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(cluster.plan().isEmpty()).isTrue();
    }

    @Test
    void anEmptyPlanCostsOneRoundTripAHost() throws Exception {
        Cluster cluster = cluster(new ToyComponent("one\n"));
        cluster.plan().apply();
        int before = transport.roundTrips("postgres-01");
        cluster.plan();

        assertThat(transport.roundTrips("postgres-01") - before).isEqualTo(1);
    }

    @Test
    void aChangedFileRestartsWhatReadsItAndTheWaitFollows() throws Exception {
        cluster(new ToyComponent("one\n")).plan().apply();
        Plan plan = cluster(new ToyComponent("two\n")).plan();

        assertThat(of(plan, "postgres-01"))
                .extracting(Step::title, Step::impact)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("write /etc/toy.conf", Impact.NONE),
                        org.assertj.core.groups.Tuple.tuple("run toy", Impact.RESTART),
                        org.assertj.core.groups.Tuple.tuple("wait until toy answers", Impact.NONE));
        assertThat(plan.details()).contains("-one").contains("+two");
        assertThat(transport.done("postgres-01").stream()
                        .filter(step -> step.isStep("file:/etc/toy.conf"))
                        .findFirst()
                        .orElseThrow()
                        .command()
                        .orElseThrow()
                        .script())
                .as("the marker is written before the file")
                .containsSubsequence("/var/lib/pgha/pending/toy", "mktemp");
    }

    @Test
    void aHostThatChangedSinceThePlanIsRefused() throws Exception {
        Plan plan = cluster(new ToyComponent("one\n")).plan();
        transport.answer("postgres-02", "file:/etc/toy.conf", "644 root:root\nb3RoZXIK");

        assertThatThrownBy(plan::apply)
                .isInstanceOf(StalePlanException.class)
                .hasMessageContaining("postgres-02: file:/etc/toy.conf");
        assertThat(transport.done("postgres-02")).isEmpty();
    }

    @Test
    void ofAStalePlanOnlyTheFirstDifferencesAreNamed() {
        assertThat(new StalePlanException(
                        "main", IntStream.range(0, 148).mapToObj(i -> "n: " + i).toList()))
                .hasMessageContaining("has changed: n: 0; n: 1; n: 2; n: 3; n: 4; and 143 more. Nothing was changed");
    }

    @Test
    void aStepThatFailsSaysWhyAndStopsTheStagesBehindIt() throws Exception {
        transport.behave(
                (node, request) -> request.isStep("service:toy") && node.name().equals("postgres-03")
                        ? new CommandResult(1, "", "toy.service: main process exited, code=exited, status=2")
                        : new CommandResult(0, "", ""));
        List<RunEvent> events = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> cluster(new ToyComponent("one\n")).plan().apply(run -> run.listener(events::add)))
                .isInstanceOfSatisfying(RunFailedException.class, e -> {
                    assertThat(e.code()).isEqualTo("run.step-failed");
                    assertThat(e.node()).contains("postgres-03");
                    assertThat(e).hasMessageContaining("status=2").hasMessageContaining("To fix:");
                    assertThat(e.report().outcome()).isEqualTo(RunReport.Outcome.FAILED);
                });
        assertThat(events).anyMatch(RunEvent.StepFailed.class::isInstance);
        assertThat(events.get(events.size() - 1)).isInstanceOf(RunEvent.RunFinished.class);
    }

    @Test
    void aCommandThatEndsWellButDoesNotHoldIsAFailure() {
        Resource forgetful = CommandResource.named("forgetful")
                .title("promise much")
                .guard("echo broken")
                .script(":")
                .build();
        Component component = new OneResource(new UnsettledResource(forgetful));

        assertThatThrownBy(() -> cluster(component).plan().apply())
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("did not hold: not done");
    }

    @Test
    void evenAnErrorEndsTheRun() {
        transport.behave((node, request) -> {
            if (request.isStep("service:toy")) {
                throw new AssertionError("of the virtual machine, say");
            }
            return new CommandResult(0, "", "");
        });
        assertThatThrownBy(() -> cluster(new ToyComponent("one\n")).plan().apply())
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("of the virtual machine, say");
    }

    @Test
    void aDroppedConnectionIsTakenUpAgain() throws Exception {
        AtomicInteger drops = new AtomicInteger();
        transport.behave((node, request) -> {
            if (request.isStep("service:toy") && drops.incrementAndGet() == 1) {
                throw new HostException(
                        Problem.on(node.name(), HostException.CONNECTION_LOST, "dropped", "Look at the network."),
                        null);
            }
            return new CommandResult(0, "", "");
        });
        Cluster cluster = cluster(new ToyComponent("one\n"));

        assertThat(cluster.plan().apply().outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(cluster.plan().isEmpty()).isTrue();
    }

    @Test
    void aLookWhoseConnectionDropsIsTakenAgain() throws Exception {
        Set<List<Object>> dropped = ConcurrentHashMap.newKeySet();
        transport.behave((node, request) -> {
            if (request.looks() && dropped.add(List.of(node, request.probes()))) {
                throw new HostException(
                        Problem.on(node.name(), HostException.CONNECTION_LOST, "dropped", "Look at the network."),
                        null);
            }
            return new CommandResult(0, "", "");
        });
        RollingPolicy looking = new OneByOne() {
            @Override
            public void awaitReady(Node node, StepContext context) throws InterruptedException {
                Probe probe = new Probe("looking", "echo ready", "ready");
                context.await(node, probe, "ready"::equals, Duration.ofSeconds(1), "it is ready");
            }
        };
        Cluster cluster = cluster(new ToyComponent("one\n", looking));

        assertThat(cluster.plan().apply().outcome()).isEqualTo(RunReport.Outcome.DONE);
        assertThat(dropped)
                .extracting(look -> look.get(1).toString())
                .anyMatch(probes -> probes.contains("looking"))
                .anyMatch(probes -> probes.contains("service:toy"));
    }

    @Test
    void allThatStandsInTheWayIsToldAtOnce() {
        Component picky = new Component() {
            @Override
            public String name() {
                return "picky";
            }

            @Override
            public List<PreflightRule> preflight(PlanContext context) {
                return context.config().topology().nodes().stream()
                        .map(node -> new PreflightRule(
                                node,
                                new Probe("picky", "echo no", "no"),
                                answer -> Optional.of(
                                        Problem.on(node.name(), "picky." + answer, "Says no", "Ask again."))))
                        .toList();
            }

            @Override
            public List<StageSpec> stages(PlanContext context) {
                return List.of();
            }
        };
        assertThatThrownBy(() -> cluster(picky).plan())
                .isInstanceOfSatisfying(
                        PreflightFailedException.class,
                        e -> assertThat(e.problems())
                                .hasSize(5)
                                .extracting(Problem::code)
                                .containsOnly("picky.no"));
        assertThat(transport.done("postgres-01")).isEmpty();
    }

    @Test
    void aRollingStageTakesTheNodesInTheOrderThatThePolicyDecidesThen() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        RollingPolicy last = new RollingPolicy() {
            @Override
            public String title() {
                return "the last first";
            }

            @Override
            public Set<Node> next(Set<Node> remaining, StepContext context) {
                return Set.of(new ArrayList<>(remaining).get(remaining.size() - 1));
            }

            @Override
            public void awaitSafe(Node node, StepContext context) {
                order.add("safe " + node.name());
            }

            @Override
            public void awaitReady(Node node, StepContext context) {
                order.add("ready " + node.name());
            }
        };
        Plan plan = cluster(new ToyComponent("one\n", last)).plan();
        plan.apply();

        assertThat(order)
                .containsExactly(
                        "safe postgres-03",
                        "ready postgres-03",
                        "safe postgres-02",
                        "ready postgres-02",
                        "safe postgres-01",
                        "ready postgres-01");
        assertThat(plan.toString()).contains("the last first");
    }

    @Test
    void cancelCutsAWaitShort() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        RollingPolicy stuck = new RollingPolicy() {
            @Override
            public String title() {
                return "never";
            }

            @Override
            public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
                waiting.countDown();
                new CountDownLatch(1).await();
                return remaining;
            }
        };
        var run = cluster(new ToyComponent("one\n", stuck)).plan().start(options -> options);
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        run.cancel();

        assertThatThrownBy(run::await).isInstanceOf(RunCancelledException.class);
    }

    @Test
    void aListenerThatThrowsBreaksNothing() throws Exception {
        RunReport report = cluster(new ToyComponent("one\n"))
                .plan()
                .apply(run -> run.listener(event -> {
                    throw new IllegalStateException("a listener of bad manners");
                }));
        assertThat(report.outcome()).isEqualTo(RunReport.Outcome.DONE);
    }

    @Test
    void withoutAnAuthorityTheErrorNamesTheCure() {
        Component greedy = new Component() {
            @Override
            public String name() {
                return "greedy";
            }

            @Override
            public List<StageSpec> stages(PlanContext context) {
                context.pki();
                return List.of(StageSpec.of(Phase.TRUST, "nothing").build());
            }
        };
        PgHa pgha = PgHa.builder()
                .transport(transport)
                .secrets(SecretStore.memory())
                .install(greedy)
                .install(StandIn.beside(List.of(greedy)))
                .build();
        assertThatThrownBy(() -> pgha.cluster(config).plan())
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("pki.missing"))
                .hasMessageContaining("Certs.component");
    }

    /** Runs, but changes nothing. */
    private record UnsettledResource(Resource resource) implements Resource {
        @Override
        public String id() {
            return resource.id();
        }

        @Override
        public String title() {
            return resource.title();
        }

        @Override
        public Probe probe() {
            return resource.probe();
        }

        @Override
        public Optional<Change> diff(Observation observation) {
            return resource.diff(observation);
        }

        @Override
        public Act act(Observation observation) {
            return Act.onHost(Command.sh(":"), "not done");
        }
    }

    /** One resource on every node. */
    private record OneResource(Resource resource) implements Component {
        @Override
        public String name() {
            return "one";
        }

        @Override
        public List<StageSpec> stages(PlanContext context) {
            StageSpec.Builder stage = StageSpec.of(Phase.VERIFY, "one");
            context.config().topology().nodes().forEach(node -> stage.lane(node, resource));
            return List.of(stage.build());
        }
    }
}
