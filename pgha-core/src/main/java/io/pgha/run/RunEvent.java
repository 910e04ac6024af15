package io.pgha.run;

import io.pgha.Problem;
import io.pgha.model.maintenance.Closure;
import java.time.Duration;
import java.time.Instant;

/** Something that happened while a plan was applied. Immutable; delivered in order. No secret is ever in one. */
public sealed interface RunEvent {

    /**
     * Returns when it happened.
     *
     * @return the operator's clock
     */
    Instant at();

    /**
     * The run began.
     *
     * @param at when
     * @param cluster the cluster's name
     * @param steps how many steps there are in all
     */
    record RunStarted(Instant at, String cluster, int steps) implements RunEvent {}

    /**
     * The run waits until maintenance opens.
     *
     * @param at when
     * @param closure what closes maintenance, and until when
     */
    record WaitingForOpening(Instant at, Closure closure) implements RunEvent {}

    /**
     * A stage began.
     *
     * @param at when
     * @param stage the stage's title
     * @param steps how many steps it has
     * @param order how the nodes take turns
     */
    record StageStarted(Instant at, String stage, int steps, String order) implements RunEvent {}

    /**
     * A step began.
     *
     * @param at when
     * @param step which
     */
    record StepStarted(Instant at, StepRef step) implements RunEvent {}

    /**
     * A step's command printed a line.
     *
     * @param at when
     * @param step which
     * @param line the line
     */
    record StepOutput(Instant at, StepRef step, String line) implements RunEvent {}

    /**
     * A step ended well and was verified.
     *
     * @param at when
     * @param step which
     * @param took how long it took
     * @param done how many steps are done now
     */
    record StepFinished(Instant at, StepRef step, Duration took, int done) implements RunEvent {}

    /**
     * A step failed.
     *
     * @param at when
     * @param step which
     * @param problem what is wrong and what to do
     */
    record StepFailed(Instant at, StepRef step, Problem problem) implements RunEvent {}

    /**
     * The run ended, well or not.
     *
     * @param at when
     * @param report what came of it
     */
    record RunFinished(Instant at, RunReport report) implements RunEvent {}
}
