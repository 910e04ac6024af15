package io.pgha.host;

import io.pgha.Problem;

/**
 * Reports that a command ran on a machine and ended with a status other than zero. Code {@code host.command-failed}.
 */
public class CommandFailedException extends HostException {
    private static final long serialVersionUID = 1L;

    private final transient CommandResult result;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     * @param result what the command left behind
     */
    public CommandFailedException(Problem problem, CommandResult result) {
        super(problem, null);
        this.result = result;
    }

    /**
     * Returns what the command left behind.
     *
     * @return exit status and output
     */
    public CommandResult result() {
        return result;
    }
}
