package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.Probe;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.plan.Step;
import io.pgha.port.OperationLock;
import io.pgha.run.RunEvent;
import io.pgha.run.StepRef;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.Work;
import io.pgha.testing.Rehearsal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that is done from here, on hosts that do what they are told. */
class InJavaTest {
    private final ClusterConfig config = Rehearsal.config().build();
    private final Node node = config.node("postgres-02");
    private final RealHosts machines = new RealHosts();
    private final List<RunEvent> events = new CopyOnWriteArrayList<>();
    private final Redaction redaction = new Redaction();

    private void run(Work work) throws InterruptedException {
        Parallel parallel = new Parallel("demo");
        Hosts hosts = new Hosts(config, machines, redaction, parallel);
        Resource resource = new Toy(work);
        Step step = new Step(
                new StepRef(1, "toys", node.name(), resource.title(), "is absent"),
                resource.id(),
                Change.of("is absent", Impact.NONE));
        try (HeldLock lock = new HeldLock("demo", List.of(), hosts, new HostLock("ops@here"), Optional.empty())) {
            new LaneRun(
                            node,
                            List.of(new PlannedStep(step, Map.of(node, resource), Observation.of("absent"))),
                            RollingPolicy.together(),
                            new HostsStepContext(config, hosts),
                            hosts,
                            lock,
                            new Cancellation(),
                            any -> {},
                            events::add)
                    .run();
        }
    }

    @Test
    void workIsDoneAndThenVerified() throws Exception {
        run(context -> {
            assertThat(context.node()).isEqualTo(node);
            assertThat(context.config()).isEqualTo(config);
            context.claim();
            assertThat(context.run(node, Command.sh("make it so")).succeeded()).isTrue();
            context.say("half way");
            machines.state = "there";
        });

        assertThat(machines.scripts)
                .hasSize(2)
                .allSatisfy(script -> assertThat(script).contains("pgha-lock: "));
        assertThat(machines.scripts.get(1)).endsWith("make it so");
        assertThat(events)
                .filteredOn(RunEvent.StepOutput.class::isInstance)
                .extracting(event -> ((RunEvent.StepOutput) event).line())
                .containsExactly("half way");
        assertThat(events.get(events.size() - 1)).isInstanceOf(RunEvent.StepFinished.class);
    }

    @Test
    void workThatChangesNothingHasFailed() {
        assertThatThrownBy(() -> run(context -> {}))
                .hasMessageContaining("\"bring the toy\" ran, but it did not hold: is absent")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.step-failed"));
    }

    @Test
    void whoeverLostTheLockDoesNothingMore() {
        machines.result = new CommandResult(HostLock.LOST_STATUS, "", "pgha-lock: locked ops@elsewhere\n");
        AtomicInteger sent = new AtomicInteger();

        assertThatThrownBy(() -> run(context -> {
                    context.claim();
                    sent.incrementAndGet();
                }))
                .hasMessageContaining("ops@elsewhere")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo(OperationLock.LOST));
        assertThat(sent).hasValue(0);
    }

    @Test
    void aFailureNamesTheStepAndShowsNoSecret() {
        redaction.watched(SecretStore.memory()).obtain("toy", () -> Secret.of("s3cret-of-the-toy"));
        assertThatThrownBy(() -> run(context -> {
                    context.say("it said s3cret-of-the-toy");
                    throw context.failed("was told s3cret-of-the-toy");
                }))
                .hasMessageContaining("\"bring the toy\" was told ****")
                .isInstanceOfSatisfying(PgHaException.class, e -> {
                    assertThat(e.code()).isEqualTo("run.step-failed");
                    assertThat(e.node()).contains("postgres-02");
                });
        assertThat(events.toString()).contains("it said ****").doesNotContain("s3cret");
        assertThat(events.get(events.size() - 1)).isInstanceOf(RunEvent.StepFailed.class);
    }

    /** What work converses with may quote what it was told, in an exception of its own. */
    @Test
    void anExceptionOfSomebodyElseShowsNoSecret() {
        redaction.watched(SecretStore.memory()).obtain("toy", () -> Secret.of("s3cret-of-the-toy"));
        PgHaException clear = new PgHaException(Problem.of("toy.lost", "The toy is lost", "Look for it."));
        assertThatThrownBy(() -> run(context -> {
                    throw clear;
                }))
                .isSameAs(clear);
        assertThatThrownBy(() -> run(context -> {
                    throw new PgHaException(
                            Problem.of("toy.lost", "no toy for s3cret-of-the-toy", "Look for it."),
                            new IllegalStateException("s3cret-of-the-toy"));
                }))
                .hasMessageContaining("no toy for ****")
                .hasNoCause()
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("toy.lost"));
    }

    @Test
    void aConnectionThatDropsIsTakenUpAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        run(context -> {
            if (attempts.incrementAndGet() == 1) {
                throw new HostException(
                        Problem.on(node.name(), HostException.CONNECTION_LOST, "dropped", "Look at the network."),
                        null);
            }
            machines.state = "there";
        });
        assertThat(attempts).hasValue(2);
    }

    @Test
    void workMayAskAnyHostAndWaitForIt() throws Exception {
        Node other = config.node("postgres-01");
        Probe probe = new Probe("ready", "cat ready", "silence");
        List<String> seen = new ArrayList<>();
        run(context -> {
            assertThat(context.observe(other, probe)).isEqualTo("absent");
            context.await(
                    other,
                    probe,
                    answer -> {
                        seen.add(answer);
                        machines.state = "there";
                        return answer.equals("there");
                    },
                    Duration.ofMinutes(1),
                    "the toy is ready");
        });
        assertThat(seen).containsExactly("absent", "there");
    }

    @Test
    void aWaitThatIsOverTellsTheLastAnswer() {
        assertThatThrownBy(() -> run(context -> context.await(
                        node, new Probe("ready", "cat ready", ""), answer -> false, Duration.ZERO, "the toy is ready")))
                .hasMessageContaining("until the toy is ready; the last answer was: absent")
                .isInstanceOfSatisfying(
                        PgHaException.class, e -> assertThat(e.code()).isEqualTo("run.wait-timeout"));
    }

    @Test
    void waysToDaemonsEndWithTheStep() throws Exception {
        InetSocketAddress daemon = InetSocketAddress.createUnresolved(node.address(), 8008);
        run(context -> {
            assertThat(context.route().apply(daemon)).isEqualTo(RealHosts.LOCAL);
            assertThat(context.route().apply(daemon)).isEqualTo(RealHosts.LOCAL);
            assertThat(machines.open).hasValue(1);
            machines.state = "there";
        });
        assertThat(machines.open).hasValue(0);
    }

    private record Toy(Work work) implements Resource {
        @Override
        public String id() {
            return "toy";
        }

        @Override
        public String title() {
            return "bring the toy";
        }

        @Override
        public Probe probe() {
            return new Probe("toy", "ls toy", "absent");
        }

        @Override
        public Optional<Change> diff(Observation observation) {
            return observation.text().equals("there")
                    ? Optional.empty()
                    : Optional.of(Change.of("is " + observation.text(), Impact.NONE));
        }

        @Override
        public Act act(Observation observation) {
            return Act.inJava(work, "there");
        }
    }

    private static final class RealHosts implements Transport {
        static final InetSocketAddress LOCAL = InetSocketAddress.createUnresolved("127.0.0.1", 1);

        private final List<String> scripts = new ArrayList<>();
        private final AtomicInteger open = new AtomicInteger();
        private volatile String state = "absent";
        private volatile CommandResult result = new CommandResult(0, "", "");

        @Override
        public RemoteHost connect(Node to) {
            return new RemoteHost() {
                @Override
                public Node node() {
                    return to;
                }

                @Override
                public CommandResult run(Command command) {
                    scripts.add(command.script());
                    return result;
                }

                @Override
                public Map<String, String> observe(List<Probe> probes) {
                    Map<String, String> answers = new LinkedHashMap<>();
                    probes.forEach(probe -> answers.put(probe.id(), state));
                    return answers;
                }

                @Override
                public Tunnel relay(String host, int port) {
                    throw new AssertionError("tunnels are allowed here");
                }

                @Override
                public Tunnel forward(String host, int port) {
                    open.incrementAndGet();
                    return new Tunnel() {
                        @Override
                        public InetSocketAddress localAddress() {
                            return LOCAL;
                        }

                        @Override
                        public void close() {
                            open.decrementAndGet();
                        }
                    };
                }
            };
        }

        @Override
        public void close() {}
    }
}
