package io.pgha.model.patroni;

/** Names Patroni's modes of synchronous replication. */
public enum SynchronousMode {
    /** Asynchronous: Patroni's default. */
    OFF,
    /** Priority mode, {@code synchronous_mode: true}. */
    ON,
    /** Quorum commit, {@code synchronous_mode: quorum}; from Patroni 4.0. */
    QUORUM
}
