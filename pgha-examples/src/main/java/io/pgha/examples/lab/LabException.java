package io.pgha.examples.lab;

import io.pgha.PgHaException;
import io.pgha.Problem;

/**
 * Signals that the lab could not do what it was asked to do. The message says what failed, where and why, and what to
 * do.
 */
public class LabException extends PgHaException {
    private static final long serialVersionUID = 1L;

    LabException(String code, String problem, String remedy) {
        super(Problem.of(code, problem, remedy));
    }

    LabException(String code, String node, String problem, String remedy) {
        super(Problem.on(node, code, problem, remedy));
    }

    LabException(String code, String problem, String remedy, Throwable cause) {
        super(Problem.of(code, problem, remedy), cause);
    }
}
