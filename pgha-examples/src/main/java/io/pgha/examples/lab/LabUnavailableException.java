package io.pgha.examples.lab;

/** Signals that this machine cannot run a lab at all: no root, no Debian tools, no cgroup2. The message says which. */
public final class LabUnavailableException extends LabException {
    private static final long serialVersionUID = 1L;

    LabUnavailableException(String problem, String remedy) {
        super("lab.unavailable", problem, remedy);
    }
}
