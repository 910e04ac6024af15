package io.pgha.host;

/**
 * What a command left behind. Immutable.
 *
 * @param exitStatus the exit status; 128 + the signal's number where a signal ended it
 * @param stdout standard output, decoded as UTF-8
 * @param stderr standard error, decoded as UTF-8
 */
public record CommandResult(int exitStatus, String stdout, String stderr) {

    /**
     * Returns whether the command ended well.
     *
     * @return true for exit status 0
     */
    public boolean succeeded() {
        return exitStatus == 0;
    }

    /** Leaves standard output out, which may be that of a file with secrets. */
    @Override
    public String toString() {
        return "CommandResult[exitStatus=" + exitStatus + ", stderr=" + stderr + "]";
    }
}
