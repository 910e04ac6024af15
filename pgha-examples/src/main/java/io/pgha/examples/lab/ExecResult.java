package io.pgha.examples.lab;

/**
 * Holds what a script on a host gave back. Immutable.
 *
 * @param exit the exit status; 128 + n when signal n ended the script
 * @param out standard output, as UTF-8
 * @param err standard error, as UTF-8
 */
public record ExecResult(int exit, String out, String err) {

    /**
     * Says whether the script ended with status 0.
     *
     * @return whether the exit status is 0
     */
    public boolean succeeded() {
        return exit == 0;
    }

    /**
     * Returns standard output of a script that must have succeeded, without the white space around it.
     *
     * @return the text
     * @throws LabException if the exit status is not 0; the message carries the end of standard error
     */
    public String text() {
        if (!succeeded()) {
            throw new LabException(
                    "lab.exec",
                    "script ended with status " + exit + ": " + Text.lastLines(err.isBlank() ? out : err, 10),
                    "read the script's own message above");
        }
        return out.strip();
    }
}
