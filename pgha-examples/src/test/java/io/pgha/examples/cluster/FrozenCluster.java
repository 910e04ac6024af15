package io.pgha.examples.cluster;

import io.pgha.examples.lab.FrozenHosts;
import io.pgha.examples.lab.LocalLab;

/**
 * Keeps what every class begins from: the hosts of a deployed cluster as they were at one moment, and the operator's
 * state of that moment, which nobody uses but to copy it. Immutable.
 */
final class FrozenCluster {
    private final LocalLab lab;
    private final LabCluster deployed;
    private final FrozenHosts hosts;

    private FrozenCluster(LocalLab lab, LabCluster deployed, FrozenHosts hosts) {
        this.lab = lab;
        this.deployed = deployed;
        this.hosts = hosts;
    }

    /** Deploys the cluster on a lab's bare hosts and freezes it. */
    static FrozenCluster deploy(LocalLab lab) throws InterruptedException {
        LabCluster cluster = LabCluster.on(lab);
        cluster.deploy();
        return freeze(cluster);
    }

    /** Freezes a cluster that is in service and has an empty plan. */
    static FrozenCluster freeze(LabCluster cluster) throws InterruptedException {
        cluster.close();
        cluster.stopAtOnePosition();
        return new FrozenCluster(cluster.lab(), cluster, cluster.lab().freeze());
    }

    /** Returns whether the hosts are those of a lab: it may have been closed, and another started since. */
    boolean isOf(LocalLab other) {
        return lab == other;
    }

    /** Brings the cluster back to that moment, and waits until it is in service. */
    LabCluster thaw() throws InterruptedException {
        lab.thaw(hosts);
        LabCluster cluster = deployed.copy();
        new Awakening(cluster).await();
        return cluster;
    }
}
