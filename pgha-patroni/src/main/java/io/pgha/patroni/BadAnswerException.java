package io.pgha.patroni;

/** Says, inside this package, that an answer is not one that Patroni gives. */
final class BadAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    BadAnswerException(String message) {
        super(message);
    }
}
