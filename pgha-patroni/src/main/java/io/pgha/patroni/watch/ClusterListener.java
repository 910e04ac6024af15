package io.pgha.patroni.watch;

/**
 * Is told what happens to a cluster, one event after the other, on one thread. What it throws is logged and ends
 * nothing.
 */
@FunctionalInterface
public interface ClusterListener {

    /**
     * Takes an event. While it works, the cluster is not looked at.
     *
     * @param event what happened
     */
    void on(ClusterEvent event);
}
