package io.pgha.examples.lab;

import java.nio.file.Path;

/**
 * Lets as many labs be tested at once as the machine has two cores for, and the others wait for their turn: two that
 * share two cores need more time together than one after the other, for what waits for a busy host asks it again and
 * again.
 */
final class LabTurn implements AutoCloseable {
    private static final int CORES = 2;

    private final KernelLock lock;

    private LabTurn(KernelLock lock) {
        this.lock = lock;
    }

    /** Waits until it is the turn of the lab of a number. */
    static LabTurn await(int number) throws InterruptedException {
        return new LabTurn(KernelLock.take(lock(number, Runtime.getRuntime().availableProcessors())));
    }

    /** Returns what labs that cannot be tested at once on a machine of so many cores have in common. */
    static Path lock(int number, int cores) {
        return Path.of("/run/pgha-labs-turn-" + number % Math.max(1, cores / CORES) + ".lock");
    }

    @Override
    public void close() {
        lock.close();
    }
}
