package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.Probe;
import io.pgha.host.Probes;
import io.pgha.host.Rehearsal;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.run.RunEvent;
import io.pgha.run.StepRef;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Does steps on one node, in order. One round trip a script: the command that changes a thing also asks the probe that
 * verifies it and the probe of the step behind it; what is done from here is asked for afterwards.
 */
final class LaneRun {
    private static final int TAIL = 20;

    private final Node node;
    private final List<PlannedStep> steps;
    private final RollingPolicy policy;
    private final HostsStepContext context;
    private final Hosts hosts;
    private final HeldLock lock;
    private final Cancellation cancellation;
    private final Consumer<PlannedStep> gate;
    private final Consumer<RunEvent> events;
    private final Map<String, String> fresh = new HashMap<>();

    LaneRun(
            Node node,
            List<PlannedStep> steps,
            RollingPolicy policy,
            HostsStepContext context,
            Hosts hosts,
            HeldLock lock,
            Cancellation cancellation,
            Consumer<PlannedStep> gate,
            Consumer<RunEvent> events) {
        this.node = node;
        this.steps = steps;
        this.policy = policy;
        this.context = context;
        this.hosts = hosts;
        this.lock = lock;
        this.cancellation = cancellation;
        this.gate = gate;
        this.events = events;
    }

    Node node() {
        return node;
    }

    void run() throws InterruptedException {
        steps.forEach(gate);
        cancellation.whileInterruptible(() -> {
            policy.awaitSafe(node, context);
            fresh.putAll(hosts.observe(node, List.of(steps.get(0).resource().probe())));
            return true;
        });
        for (int i = 0; i < steps.size(); i++) {
            if (cancellation.stopping()) {
                return;
            }
            gate.accept(steps.get(i));
            step(
                    steps.get(i),
                    i + 1 < steps.size()
                            ? Optional.of(steps.get(i + 1).resource().probe())
                            : Optional.empty());
        }
        cancellation.whileInterruptible(() -> {
            policy.awaitReady(node, context);
            return true;
        });
    }

    private void step(PlannedStep step, Optional<Probe> next) throws InterruptedException {
        StepRef ref = step.step().ref();
        Instant began = Instant.now();
        events.accept(new RunEvent.StepStarted(began, ref));
        try {
            lock.check();
            if (step.resource().volatility() == Resource.Volatility.TRANSIENT) {
                cancellation.whileInterruptible(() -> {
                    act(step, next);
                    return true;
                });
            } else {
                act(step, next);
            }
        } catch (PgHaException e) {
            events.accept(new RunEvent.StepFailed(Instant.now(), ref, e.problem()));
            throw e;
        }
        Instant ended = Instant.now();
        events.accept(new RunEvent.StepFinished(ended, ref, Duration.between(began, ended), 0));
    }

    /** A dropped connection leaves the outcome open: look again, and repeat the step only where it did not hold. */
    private void act(PlannedStep step, Optional<Probe> next) throws InterruptedException {
        try {
            attempt(step, next);
        } catch (HostException e) {
            Hosts.takeUp(e);
            fresh.putAll(hosts.observe(node, List.of(step.resource().probe())));
            attempt(step, next);
        }
    }

    private void attempt(PlannedStep step, Optional<Probe> next) throws InterruptedException {
        Resource resource = step.resource();
        Observation now = new Observation(
                fresh.getOrDefault(resource.id(), step.observation().text()),
                step.observation().triggers());
        List<Probe> probes = new ArrayList<>(List.of(resource.probe()));
        next.ifPresent(probes::add);
        if (resource.volatility() == Resource.Volatility.STABLE
                && resource.diff(now).isEmpty()) {
            next.ifPresent(probe -> probes.remove(0));
            fresh.putAll(next.isPresent() ? hosts.observe(node, probes) : Map.of());
            return;
        }
        Act act = resource.act(now);
        Optional<Rehearsal> rehearsal = hosts.host(node).rehearsal();
        Done done = rehearsal.isPresent()
                ? rehearse(step, act, rehearsal.get(), probes)
                : act instanceof Act.OnHost there
                        ? there(step, there.command(), probes)
                        : work(step, ((Act.InJava) act).work(), probes);
        verify(step, done);
        fresh.putAll(done.answers());
    }

    /** What the probes say behind an act, and what it printed. */
    private record Done(Map<String, String> answers, String output) {}

    private Done rehearse(PlannedStep step, Act act, Rehearsal rehearsal, List<Probe> probes)
            throws InterruptedException {
        Optional<Command> command = act instanceof Act.OnHost there
                ? Optional.of(lock.guarded(told(step, there.command())))
                : Optional.empty();
        CommandResult result = rehearsal.step(step.resource().probe(), act.leaves(), command);
        refuseFailed(step, result);
        return new Done(hosts.observe(node, probes), result.stderr());
    }

    private Done there(PlannedStep step, Command command, List<Probe> probes) throws InterruptedException {
        CommandResult result = hosts.host(node).run(lock.guarded(verified(told(step, command), probes)));
        refuseFailed(step, result);
        return new Done(Probes.answers(probes, result.stdout()), result.stderr());
    }

    private Done work(PlannedStep step, Work work, List<Probe> probes) throws InterruptedException {
        try (HostsWorkContext here = new HostsWorkContext(
                context,
                node,
                lock,
                hosts.tunnels(),
                line -> tell(step, hosts.redaction().covered(line)),
                why -> failed(step, hosts.redaction().covered(why), ""))) {
            work.run(here);
        } catch (PgHaException e) {
            throw hosts.redaction().covered(e);
        }
        return new Done(hosts.observe(node, probes), "");
    }

    private void refuseFailed(PlannedStep step, CommandResult result) {
        if (!result.succeeded()) {
            Optional<PgHaException> refusal = lock.refusal(node, result.exitStatus(), result.stderr());
            throw refusal.orElseGet(
                    () -> failed(step, "ended with status " + result.exitStatus(), tail(result.stderr())));
        }
    }

    private void verify(PlannedStep step, Done done) {
        Resource resource = step.resource();
        Observation after = Observation.of(done.answers().getOrDefault(resource.id(), ""));
        Optional<Change> left = resource.diff(after);
        if (left.isPresent()) {
            throw resource.unmet(node, after)
                    .map(problem -> new HostException(hosts.redaction().covered(problem), null))
                    .orElseGet(() -> failed(
                            step,
                            "ran, but it did not hold: "
                                    + hosts.redaction().covered(left.get().reason()),
                            tail(done.output())));
        }
    }

    private Command told(PlannedStep step, Command command) {
        return Command.builder().from(command).output(line -> tell(step, line)).build();
    }

    private void tell(PlannedStep step, String line) {
        events.accept(new RunEvent.StepOutput(Instant.now(), step.step().ref(), line));
    }

    /** The subshell stands alone: on the left of a {@code ||} it would lose its {@code set -e}. */
    private static Command verified(Command command, List<Probe> probes) {
        return Command.builder()
                .from(command)
                .script("(\n" + command.script() + "\n) >&2\nstatus=$?; [ $status -eq 0 ] || exit $status\n"
                        + Probes.script(probes))
                .build();
    }

    private HostException failed(PlannedStep step, String why, String output) {
        return new HostException(
                Problem.on(
                        node.name(),
                        "run.step-failed",
                        "\"" + step.step().title() + "\" " + why + (output.isEmpty() ? "" : ":\n" + output),
                        "Correct the cause on " + node.name() + " (" + node.address()
                                + "), then plan and apply again: what is done stays done."),
                null);
    }

    private static String tail(String output) {
        List<String> lines = output.strip().lines().toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - TAIL))
                .map(line -> "    " + line)
                .collect(Collectors.joining("\n"));
    }
}
