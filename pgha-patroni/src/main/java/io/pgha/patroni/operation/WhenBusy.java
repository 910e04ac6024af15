package io.pgha.patroni.operation;

/** What to do with a member that is busy with something else, a restart or another reinitialization for example. */
public enum WhenBusy {
    /** Nothing is done. */
    REFUSE,
    /** Patroni cancels what it is doing. */
    CANCEL
}
