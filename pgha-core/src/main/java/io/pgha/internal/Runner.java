package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.internal.answer.Answers;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.StalePlanException;
import io.pgha.port.OperationLock;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.Progress;
import io.pgha.run.Run;
import io.pgha.run.RunCancelledException;
import io.pgha.run.RunEvent;
import io.pgha.run.RunFailedException;
import io.pgha.run.RunOptions;
import io.pgha.run.RunReport;
import io.pgha.run.StepRef;
import io.pgha.spi.Resource;
import io.pgha.spi.RollingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Applies a plan: stage after stage, in waves that the stage's policy chooses, lanes side by side. */
final class Runner implements Run {
    private final ClusterConfig config;
    private final Hosts hosts;
    private final MaintenanceGate gate;
    private final List<PlannedStage> stages;
    private final RunOptions options;
    private final ClusterLock lock;
    private final RunRecord record;
    private final Runnable begin;
    private final EventPump events;
    private final Cancellation cancellation = new Cancellation();
    private final List<StepRef> done = new CopyOnWriteArrayList<>();
    private final CompletableFuture<RunReport> end = new CompletableFuture<>();
    private final Instant started = Instant.now();
    private final int total;
    /** Written before the first lane starts. */
    private Optional<MaintenanceGate.Pass> pass = Optional.empty();

    Runner(
            ClusterConfig config,
            Hosts hosts,
            MaintenanceGate gate,
            ClusterLock lock,
            RunRecord record,
            Runnable begin,
            List<PlannedStage> stages,
            RunOptions options) {
        this.config = config;
        this.hosts = hosts;
        this.gate = gate;
        this.stages = stages;
        this.options = options;
        this.lock = lock;
        this.record = record;
        this.begin = begin;
        this.events = new EventPump(config.name(), options.listeners());
        this.total = (int) steps().count();
    }

    void start() {
        Thread thread = new Thread(this::run, "pgha-" + config.name() + "-run");
        thread.setDaemon(false); // a program whose main method returns must not end in the middle of its run
        thread.start();
    }

    private void run() {
        apply();
        try {
            events.drain();
        } catch (InterruptedException nobodyElseHasThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply() {
        events.send(new RunEvent.RunStarted(started, config.name(), total));
        List<RuntimeException> failures = new ArrayList<>();
        try {
            if (total > 0) {
                cancellation.whileInterruptible(() -> {
                    enter();
                    return true;
                });
                lockedRun(failures);
            } else {
                begin.run();
            }
        } catch (InterruptedException cancelled) {
            cancellation.request();
        } catch (RuntimeException e) {
            failures.add(e);
        } catch (Error e) {
            failures.add(new IllegalStateException(e)); // whoever waits for the run must learn that it ended
        }
        finish(failures);
    }

    private Stream<PlannedStep> steps() {
        return stages.stream().flatMap(PlannedStage::steps);
    }

    private void enter() throws InterruptedException {
        if (steps().anyMatch(PlannedStep::interrupts)) {
            pass = Optional.of(gate.enter(
                    "Applying this plan to " + config.name(),
                    options.whenClosed(),
                    closure -> events.send(new RunEvent.WaitingForOpening(Instant.now(), closure))));
        }
    }

    /** A run that began in time must not interrupt the service when maintenance has closed meanwhile. */
    private void checkOpen(PlannedStep step) {
        if (step.interrupts()) {
            pass.ifPresent(it -> it.check(
                    "The step \"" + step.step().title() + "\" on " + step.step().node()));
        }
    }

    /** The lock comes first: what was planned before somebody else's run is stale after it. */
    private void lockedRun(List<RuntimeException> failures) throws InterruptedException {
        String purpose = "apply " + total + (total == 1 ? " change" : " changes");
        try (HeldLock held = cancellation.whileInterruptible(() -> lock.acquire(purpose))) {
            cancellation.whileInterruptible(() -> {
                refuseStale();
                return true;
            });
            RunRecord.Opened opened = record.open(held, OperationLock.Holder.of(purpose));
            stages(held, failures);
            if (failures.isEmpty() && done.size() == total) {
                opened.done();
            } else {
                opened.failed(
                        failures.isEmpty()
                                ? "cancelled"
                                : problem(failures.get(0)).code());
            }
        }
    }

    private void stages(HeldLock held, List<RuntimeException> failures) {
        try {
            begin.run();
            for (PlannedStage stage : stages) {
                if (!failures.isEmpty() || cancellation.requested()) {
                    break;
                }
                stage(stage, held, failures);
            }
        } catch (InterruptedException cancelled) {
            cancellation.request();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    /** A host that changed since it was looked at must be looked at again; what changes by itself does not count. */
    private void refuseStale() throws InterruptedException {
        Map<Node, List<Probe>> probes = new LinkedHashMap<>();
        List<PlannedStep> steps = steps().filter(step -> step.resource().volatility() == Resource.Volatility.STABLE)
                .toList();
        for (PlannedStep step : steps) {
            step.views()
                    .forEach((node, resource) -> probes.computeIfAbsent(node, any -> new ArrayList<>())
                            .add(resource.probe()));
        }
        for (Node node : config.topology().nodes()) {
            List<Probe> lane = probes.computeIfAbsent(node, any -> new ArrayList<>());
            if (!lane.contains(RunRecord.probe())) {
                lane.add(RunRecord.probe());
            }
        }
        Answers now = hosts.observe(probes);
        List<String> moved = record.moved(now);
        if (!moved.isEmpty()) {
            throw new StalePlanException(config.name(), moved);
        }
        List<String> stale = steps.stream()
                .filter(step -> !step.observation().text().equals(now.of(step.views())))
                .map(step -> step.step().node() + ": " + step.resource().id())
                .toList();
        if (!stale.isEmpty()) {
            throw new StalePlanException(config.name(), stale);
        }
    }

    private void stage(PlannedStage stage, HeldLock held, List<RuntimeException> failures) throws InterruptedException {
        events.send(new RunEvent.StageStarted(
                Instant.now(),
                stage.spec().title(),
                (int) stage.steps().count(),
                stage.view().order()));
        HostsStepContext context = new HostsStepContext(config, hosts);
        for (PlannedStep step : stage.cluster()) {
            if (!failures.isEmpty() || cancellation.requested()) {
                return;
            }
            Node node = teller(step);
            LaneRun lane = lane(node, List.of(step.at(node)), RollingPolicy.together(), context, held);
            together(List.of(lane), failures);
        }
        Set<Node> remaining = new LinkedHashSet<>(stage.lanes().keySet());
        while (!remaining.isEmpty() && failures.isEmpty() && !cancellation.requested()) {
            Set<Node> wave = cancellation.whileInterruptible(
                    () -> stage.spec().policy().next(new LinkedHashSet<>(remaining), context));
            if (wave.isEmpty() || !remaining.containsAll(wave)) {
                throw new IllegalStateException(
                        "The policy of stage " + stage.spec().title() + " chose " + wave);
            }
            remaining.removeAll(wave);
            together(
                    wave.stream()
                            .map(node -> lane(
                                    node,
                                    stage.lanes().getOrDefault(node, List.of()),
                                    stage.spec().policy(),
                                    context,
                                    held))
                            .toList(),
                    failures);
        }
    }

    /** Who tells of what is the cluster's may be another one than when it was planned. */
    private Node teller(PlannedStep step) throws InterruptedException {
        Map<Node, List<Probe>> probes = new LinkedHashMap<>();
        step.views().forEach((node, resource) -> probes.put(node, List.of(resource.probe())));
        return cancellation.whileInterruptible(() -> hosts.observe(probes)).teller(step.views());
    }

    private LaneRun lane(
            Node node, List<PlannedStep> steps, RollingPolicy policy, HostsStepContext context, HeldLock held) {
        return new LaneRun(node, steps, policy, context, hosts, held, cancellation, this::checkOpen, this::tell);
    }

    private void together(List<LaneRun> lanes, List<RuntimeException> failures) throws InterruptedException {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (LaneRun lane : lanes) {
            Executor executor =
                    options.executor().orElseGet(() -> hosts.parallel().executor(lane.node()));
            CompletableFuture<Void> future = new CompletableFuture<>();
            executor.execute(() -> {
                try {
                    lane.run();
                    future.complete(null);
                } catch (InterruptedException cancelled) {
                    future.complete(null);
                } catch (Throwable e) { // whatever a lane throws belongs to the run
                    cancellation.stopOthers();
                    future.completeExceptionally(e);
                }
            });
            ends.add(future);
        }
        for (CompletableFuture<Void> end : ends) {
            try {
                end.get();
            } catch (ExecutionException e) {
                failures.add(Parallel.unchecked(e));
            }
        }
    }

    private void tell(RunEvent event) {
        if (event instanceof RunEvent.StepFinished finished) {
            synchronized (done) {
                done.add(finished.step());
                events.send(new RunEvent.StepFinished(finished.at(), finished.step(), finished.took(), done.size()));
            }
        } else {
            events.send(event);
        }
    }

    private void finish(List<RuntimeException> failures) {
        List<Problem> problems = failures.stream().map(Runner::problem).toList();
        boolean complete = done.size() == total;
        RunReport.Outcome outcome = !failures.isEmpty()
                ? RunReport.Outcome.FAILED
                : complete ? RunReport.Outcome.DONE : RunReport.Outcome.CANCELLED;
        RunReport report = new RunReport(
                config.name(),
                outcome,
                started,
                Duration.between(started, Instant.now()),
                total,
                List.copyOf(done),
                problems,
                pass.flatMap(MaintenanceGate.Pass::overridden));
        events.send(new RunEvent.RunFinished(Instant.now(), report));
        switch (outcome) {
            case DONE -> end.complete(report);
            case CANCELLED -> end.completeExceptionally(new RunCancelledException(report));
            case FAILED -> end.completeExceptionally(failure(failures, problems, report));
        }
    }

    private static RuntimeException failure(List<RuntimeException> failures, List<Problem> problems, RunReport report) {
        RuntimeException first = failures.get(0);
        if (first instanceof StalePlanException
                || (first instanceof MaintenanceClosedException && report.done().isEmpty())) {
            return first;
        }
        RunFailedException failure = new RunFailedException(problems.get(0), report, first);
        failures.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }

    private static Problem problem(RuntimeException failure) {
        return failure instanceof PgHaException known
                ? known.problem()
                : Problem.of(
                        "run.internal",
                        "pgha itself failed: " + failure,
                        "Report this with its stack trace; planning again goes on from where it stopped.");
    }

    @Override
    public String toString() {
        return "Run on " + config.name() + ": " + progress() + (end.isDone() ? ", ended" : ", under way");
    }

    @Override
    public void cancel() {
        cancellation.request();
    }

    @Override
    public RunReport await() throws InterruptedException {
        try {
            RunReport report = end.get();
            events.drain();
            return report;
        } catch (ExecutionException e) {
            events.drain();
            throw Parallel.unchecked(e);
        }
    }

    @Override
    public CompletableFuture<RunReport> future() {
        return end.copy();
    }

    @Override
    public Progress progress() {
        return new Progress(done.size(), total);
    }
}
