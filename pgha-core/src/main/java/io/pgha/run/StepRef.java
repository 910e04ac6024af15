package io.pgha.run;

/**
 * Names a step in events and reports. Immutable.
 *
 * @param number its place in the plan, from 1
 * @param stage the stage's title
 * @param node the node's name, or the cluster's where the step is the cluster's
 * @param title what the step does, for example {@code write /etc/hosts}
 * @param reason why
 */
public record StepRef(int number, String stage, String node, String title, String reason) {
    @Override
    public String toString() {
        return number + " " + node + ": " + title;
    }
}
