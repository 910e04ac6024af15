package io.pgha.certs;

import io.pgha.model.Closure;
import io.pgha.plan.Plan;
import io.pgha.plan.Stage;
import io.pgha.run.Run;
import io.pgha.run.RunOptions;
import io.pgha.run.RunReport;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A plan whose desired state is put on record when it begins, not before: one that is only looked at changes nothing, and one
 * that is cut short is finished by the cluster's next plan. Thread-safe.
 */
final class RecordedPlan implements Plan {
    private final Plan plan;
    private final Runnable record;

    RecordedPlan(Plan plan, Runnable record) {
        this.plan = plan;
        this.record = record;
    }

    @Override
    public String cluster() {
        return plan.cluster();
    }

    @Override
    public List<Stage> stages() {
        return plan.stages();
    }

    @Override
    public Optional<Closure> closed() {
        return plan.closed();
    }

    @Override
    public String details() {
        return plan.details();
    }

    @Override
    public Run start(UnaryOperator<RunOptions.Builder> options) {
        record.run();
        return plan.start(options);
    }

    @Override
    public RunReport apply(UnaryOperator<RunOptions.Builder> options) throws InterruptedException {
        record.run();
        return plan.apply(options);
    }

    @Override
    public String toString() {
        return plan.toString();
    }
}
