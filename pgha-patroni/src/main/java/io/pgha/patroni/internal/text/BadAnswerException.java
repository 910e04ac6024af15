package io.pgha.patroni.internal.text;

/** Says, inside this package, that an answer is not one that Patroni gives. */
public final class BadAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadAnswerException(String message) {
        super(message);
    }
}
