package io.pgha.spi;

import io.pgha.model.Node;
import java.util.Set;

/**
 * Decides, while a stage runs, which nodes go next and when it is safe. Implementations are thread-safe.
 *
 * <p>The decision is made at run time because the leader may move between plan and run.
 */
public interface RollingPolicy {

    /**
     * Returns how the nodes take turns, as a plan prints it.
     *
     * @return a few words, for example {@code one at a time, the leader last}
     */
    String title();

    /**
     * Returns the nodes that go now, together. May ask the hosts.
     *
     * @param remaining the nodes with steps to do, in the topology's order; never empty
     * @param context the hosts
     * @return one or more of them
     * @throws InterruptedException when the run is cancelled
     */
    Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException;

    /**
     * Waits until it is safe to touch a node. Does nothing by default.
     *
     * @param node the node about to be changed
     * @param context the hosts
     * @throws InterruptedException when the run is cancelled
     */
    default void awaitSafe(Node node, StepContext context) throws InterruptedException {}

    /**
     * Waits until a node that was changed serves again. Does nothing by default.
     *
     * @param node the node that was changed
     * @param context the hosts
     * @throws InterruptedException when the run is cancelled
     */
    default void awaitReady(Node node, StepContext context) throws InterruptedException {}

    /**
     * Returns the policy that lets all nodes go at once.
     *
     * @return the policy
     */
    static RollingPolicy together() {
        return new RollingPolicy() {
            @Override
            public String title() {
                return "all nodes together";
            }

            @Override
            public Set<Node> next(Set<Node> remaining, StepContext context) {
                return remaining;
            }
        };
    }

    /**
     * Returns the policy that takes one node after the other in the topology's order.
     *
     * @return the policy
     */
    static RollingPolicy oneByOne() {
        return new RollingPolicy() {
            @Override
            public String title() {
                return "one node at a time";
            }

            @Override
            public Set<Node> next(Set<Node> remaining, StepContext context) {
                return Set.of(remaining.iterator().next());
            }
        };
    }

    /**
     * Returns the policy that lets nodes on which a unit does not run go together, and the others one after the other.
     *
     * @param unit the unit's name without {@code .service}
     * @return the policy
     */
    static RollingPolicy oneByOneWhereRunning(String unit) {
        return new RunningOneByOne(unit);
    }
}
