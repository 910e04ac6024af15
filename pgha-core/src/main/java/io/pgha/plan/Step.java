package io.pgha.plan;

import io.pgha.run.StepRef;
import java.util.Optional;

/**
 * One thing that would be changed, on one node or for the cluster as a whole. Immutable.
 *
 * @param ref number, stage, node, title and reason
 * @param resource the id of the resource, for example {@code file:/etc/hosts}
 * @param change why and how
 */
public record Step(StepRef ref, String resource, Change change) {

    /**
     * Returns the node's name, or the cluster's where the step is the cluster's as a whole.
     *
     * @return where
     */
    public String node() {
        return ref.node();
    }

    /**
     * Returns what the step does.
     *
     * @return for example {@code write /etc/hosts}
     */
    public String title() {
        return ref.title();
    }

    /**
     * Returns why.
     *
     * @return a few words
     */
    public String reason() {
        return change.reason();
    }

    /**
     * Returns what it does to running services.
     *
     * @return the impact
     */
    public Impact impact() {
        return change.impact();
    }

    /**
     * Returns how a file would change.
     *
     * @return the difference, where the step writes a file
     */
    public Optional<FileDiff> diff() {
        return change.diff();
    }

    @Override
    public String toString() {
        return node() + ": " + title() + ": " + reason();
    }
}
