package io.pgha.host;

import io.pgha.PgHaException;
import io.pgha.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a machine could not be reached or stopped answering.
 *
 * <p>Codes of this class: {@code host.unreachable}, {@code host.connection-lost}, {@code host.timeout},
 * {@code host.closed}; transports add their own subclasses.
 */
public class HostException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /** The code of an established connection that broke; the command's outcome is unknown. */
    public static final String CONNECTION_LOST = "host.connection-lost";

    /** The code of a machine that allows no tunnels, so that none of its daemons can be asked from here. */
    public static final String FORWARDING_FORBIDDEN = "ssh.forwarding-forbidden";

    /**
     * Returns what a transport throws that has been closed. Code {@code host.closed}.
     *
     * @return a new exception
     */
    public static HostException closed() {
        return new HostException(
                Problem.of(
                        "host.closed",
                        "The connections to the hosts have been closed",
                        "Open the library again with PgHa.builder(), and close it only when its runs have ended: run.await()."),
                null);
    }

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param cause the failure underneath, or null
     */
    public HostException(Problem problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
