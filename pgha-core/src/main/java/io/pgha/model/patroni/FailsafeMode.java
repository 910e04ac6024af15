package io.pgha.model.patroni;

/** Names Patroni's {@code failsafe_mode}. */
public enum FailsafeMode {
    /** The leader goes on while etcd is down, as long as every member answers it. */
    ON,
    /** The leader steps down when etcd is down. */
    OFF
}
