package io.pgha.patroni.component;

import io.pgha.model.Secret;
import io.pgha.spi.SecretStore;

/**
 * The passwords of a cluster's PostgreSQL and Patroni, by the names under which the store keeps them. Immutable and
 * thread-safe; each method makes the password where the store has none yet, and may do the store's I/O.
 */
public final class PatroniSecrets {
    private static final int LENGTH = 32;

    private final SecretStore store;

    private PatroniSecrets(SecretStore store) {
        this.store = store;
    }

    /**
     * Returns the passwords that a store keeps.
     *
     * @param store the store, narrowed to the cluster
     * @return the passwords
     */
    public static PatroniSecrets in(SecretStore store) {
        return new PatroniSecrets(store);
    }

    /**
     * Returns the password of PostgreSQL's superuser, kept as {@code postgres.superuser}.
     *
     * @return the password
     */
    public Secret superuser() {
        return obtain("postgres.superuser");
    }

    /**
     * Returns the password that replicas stream with, kept as {@code postgres.replication}.
     *
     * @return the password
     */
    public Secret replication() {
        return obtain("postgres.replication");
    }

    /**
     * Returns the password that pg_rewind connects with, kept as {@code postgres.rewind}.
     *
     * @return the password
     */
    public Secret rewind() {
        return obtain("postgres.rewind");
    }

    /**
     * Returns the password of the REST API's unsafe verbs, kept as {@code patroni.rest}.
     *
     * @return the password
     */
    public Secret rest() {
        return obtain("patroni.rest");
    }

    private Secret obtain(String name) {
        return store.obtain(name, () -> Secret.random(LENGTH));
    }
}
