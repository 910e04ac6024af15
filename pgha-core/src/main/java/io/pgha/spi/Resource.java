package io.pgha.spi;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import java.util.List;
import java.util.Optional;

/**
 * One thing on one node that can be as desired or not: observe → diff → act → verify.
 *
 * <p>Implementations are immutable and thread-safe and do no I/O of their own; the engine asks the probe, does the act,
 * and asks the probe again: a step whose probe still shows a difference has failed.
 */
public interface Resource {

    /**
     * Returns the name of the resource, unique on its node, for example {@code file:/etc/hosts}.
     *
     * @return the id
     */
    String id();

    /**
     * Returns what the step does, as a plan prints it, for example {@code write /etc/hosts}.
     *
     * @return a few words, starting with a verb
     */
    String title();

    /**
     * Returns the question that shows the state of the resource. Its id is {@link #id()}.
     *
     * @return the probe
     */
    Probe probe();

    /**
     * Compares what was observed with what is desired. Pure.
     *
     * @param observation the probe's answer, and the triggers where this is for a plan
     * @return what is not as desired, or empty
     */
    Optional<Change> diff(Observation observation);

    /**
     * Returns what makes it as desired. Called once, when the step is about to run.
     *
     * @param observation what {@link #diff} saw
     * @return the act; doing it twice must do no harm
     */
    Act act(Observation observation);

    /**
     * Returns whether an answer tells of the resource; of a resource of the cluster the nodes are asked until one
     * tells. Pure.
     *
     * @param answer what the probe printed
     * @return {@code true} by default: a node tells of its own resources, even that there are none
     */
    default boolean told(String answer) {
        return true;
    }

    /**
     * Returns what is wrong where the act is done and the difference is still there, with a code and a remedy of its
     * own. Pure.
     *
     * @param node where
     * @param observation what {@link #diff} saw behind the act
     * @return the problem; empty by default, and the failure tells the difference with the code {@code run.step-failed}
     */
    default Optional<Problem> unmet(Node node, Observation observation) {
        return Optional.empty();
    }

    /**
     * Returns which resources have to react when this one changes.
     *
     * @return the notifications; empty by default
     */
    default List<Notification> notifies() {
        return List.of();
    }

    /**
     * Returns how the resource behaves between plan and run.
     *
     * @return {@link Volatility#STABLE} by default
     */
    default Volatility volatility() {
        return Volatility.STABLE;
    }

    /** Names whether a resource may change by itself. */
    enum Volatility {
        /** Changes only when somebody changes it; a difference between plan and run makes the plan stale. */
        STABLE,
        /** Changes by itself, like the health of a service. */
        TRANSIENT
    }
}
