package io.pgha.internal;

import io.pgha.Given;
import io.pgha.model.ClusterConfig;
import io.pgha.model.maintenance.Closure;
import io.pgha.plan.Plan;
import io.pgha.plan.Stage;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.Run;
import io.pgha.run.RunOptions;
import io.pgha.run.RunReport;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A plan with what it takes to apply it. */
final class DefaultPlan implements Plan {
    private final ClusterConfig config;
    private final Hosts hosts;
    private final MaintenanceGate gate;
    private final List<PlannedStage> planned;
    private final List<Stage> stages;
    private final ClusterLock lock;
    private final RunRecord record;
    private final Runnable begin;

    DefaultPlan(
            ClusterConfig config,
            Hosts hosts,
            MaintenanceGate gate,
            ClusterLock lock,
            RunRecord record,
            Runnable begin,
            List<PlannedStage> planned) {
        this.config = config;
        this.hosts = hosts;
        this.gate = gate;
        this.planned = List.copyOf(planned);
        this.lock = lock;
        this.record = record;
        this.begin = begin;
        this.stages = planned.stream().map(PlannedStage::view).toList();
    }

    @Override
    public String cluster() {
        return config.name();
    }

    @Override
    public List<Stage> stages() {
        return stages;
    }

    @Override
    public Optional<Closure> closed() {
        return impact().interrupts() ? gate.closed() : Optional.empty();
    }

    @Override
    public Run start(UnaryOperator<RunOptions.Builder> options) {
        Runner runner = new Runner(
                config,
                hosts,
                gate,
                lock,
                record,
                begin,
                planned,
                Given.completed(RunOptions.builder(), options, "options").build());
        runner.start();
        return runner;
    }

    @Override
    public RunReport apply(UnaryOperator<RunOptions.Builder> options) throws InterruptedException {
        Run run = start(options);
        boolean ended = false;
        try {
            RunReport report = run.await();
            ended = true;
            return report;
        } finally {
            if (!ended) {
                run.cancel();
            }
        }
    }

    @Override
    public String details() {
        return PlanText.details(this);
    }

    @Override
    public String toString() {
        return PlanText.summary(this);
    }
}
