package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;

/**
 * Reports that a store holds something else than its caller took for granted; nothing was changed. Codes:
 * {@code secrets.exists} where a secret of that name is kept already, {@code secrets.changed} where it is not what was
 * to be replaced. Immutable and thread-safe.
 */
public class SecretConflictException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param problem what is wrong and what to do
     */
    public SecretConflictException(Problem problem) {
        super(problem);
    }

    /**
     * Returns what {@link SecretStore#put} throws, for stores of one's own, too.
     *
     * @param name the secret's name
     * @return the exception, with the code {@code secrets.exists}
     */
    public static SecretConflictException exists(String name) {
        return new SecretConflictException(Problem.of(
                "secrets.exists",
                "The secret " + Given.value(name, "name") + " is kept already; it was left as it is",
                "Read it, and replace it where that is meant: put never takes another one's place."));
    }

    /**
     * Returns what {@link SecretStore#replace} throws, for stores of one's own, too.
     *
     * @param name the secret's name
     * @return the exception, with the code {@code secrets.changed}
     */
    public static SecretConflictException changed(String name) {
        return new SecretConflictException(Problem.of(
                "secrets.changed",
                "The secret " + Given.value(name, "name")
                        + " is not what was to be replaced: somebody else has changed or removed it; it was left as it is",
                "Read it again, and decide by what it is now."));
    }
}
