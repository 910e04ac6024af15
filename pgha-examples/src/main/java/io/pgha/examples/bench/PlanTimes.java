package io.pgha.examples.bench;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.examples.quickstart.LabTarget;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * Times the empty plan of the quickstart's cluster; each class loader has one, with the library that it finds. Not
 * thread-safe.
 */
public final class PlanTimes implements Callable<Long>, AutoCloseable {
    private final PgHa pgha;
    private final Cluster cluster;

    /**
     * Opens the library.
     *
     * @param privateKey the lab's key
     * @param knownHosts the keys of its hosts
     */
    public PlanTimes(Path privateKey, Path knownHosts) {
        this.pgha = LabTarget.open(privateKey, knownHosts);
        this.cluster = pgha.cluster(LabTarget.config());
    }

    /**
     * Makes a plan.
     *
     * @return how long it took, in nanoseconds
     * @throws InterruptedException when the calling thread is interrupted
     */
    @Override
    public Long call() throws InterruptedException {
        long began = System.nanoTime();
        cluster.plan();
        return System.nanoTime() - began;
    }

    @Override
    public void close() {
        pgha.close();
    }
}
