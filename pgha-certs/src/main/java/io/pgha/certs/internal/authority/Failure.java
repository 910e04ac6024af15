package io.pgha.certs.internal.authority;

import io.pgha.Problem;
import io.pgha.certs.PkiException;

/** What goes wrong with an authority, as an exception with its remedy. Stateless. */
public final class Failure {
    private Failure() {}

    public static PkiException of(String code, String message, String remedy) {
        return new PkiException(Problem.of(code, message, remedy));
    }

    public static PkiException of(String code, String message, String remedy, Throwable cause) {
        return new PkiException(Problem.of(code, message, remedy), cause);
    }
}
