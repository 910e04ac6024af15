package io.pgha.patroni.operation;

/** Whether a failover may go to a member that commits did not wait for, where the cluster replicates synchronously. */
public enum AsynchronousCandidate {
    /** It is refused. */
    REFUSED,
    /** It is accepted, and with it that commits may be lost. */
    ACCEPTED
}
