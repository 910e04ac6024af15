package io.pgha.spi;

/**
 * What is done from here instead of by a script on a machine, for example a conversation with a daemon. Implementations
 * are thread-safe; doing it twice must do no harm.
 */
@FunctionalInterface
public interface Work {

    /**
     * Does it. Does network I/O and blocks; every wait in it has a limit of its own. Before each request that changes
     * something it makes sure of the lock: {@link WorkContext#claim()}.
     *
     * @param context where it is done, and the ways there
     * @throws io.pgha.PgHaException when it cannot be done; {@link WorkContext#failed} makes one that names the step
     * @throws InterruptedException when the run is cancelled
     */
    void run(WorkContext context) throws InterruptedException;
}
