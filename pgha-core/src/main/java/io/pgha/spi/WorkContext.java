package io.pgha.spi;

import io.pgha.PgHaException;
import io.pgha.model.Node;
import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/** What {@link Work} may use. Thread-safe; commands that it runs act only while the cluster's lock is held. */
public interface WorkContext extends StepContext {

    /**
     * Returns where the step is done. For a resource of the cluster it is a node that told of it just now.
     *
     * @return the node
     */
    Node node();

    /**
     * Makes sure that the lock is still held, on the machine itself: a controller that was suspended may have lost it.
     * Does network I/O, one round trip.
     *
     * @throws PgHaException when it is not ({@link io.pgha.port.OperationLock#LOST})
     * @throws InterruptedException when the run is cancelled
     */
    void claim() throws InterruptedException;

    /**
     * Leads connections to daemons of the cluster's nodes through the machines' own SSH connections; also where a
     * machine's server forbids forwarding, by programs on the machine, which are for a few connections at once. What it
     * opens ends with the step. Opening does network I/O.
     *
     * @return from an address and port as the node's own machine reaches it, to where to connect instead
     */
    UnaryOperator<InetSocketAddress> route();

    /**
     * Tells whoever watches the run how the work goes on.
     *
     * @param line a line of output, without secrets
     */
    void say(String line);

    /**
     * Returns the failure of this step.
     *
     * @param why what went wrong, in a sentence that goes on behind the step's title, for example {@code no member
     *     takes the change}
     * @return the exception to throw, of the code {@code run.step-failed}
     */
    PgHaException failed(String why);
}
