package io.pgha.patroni.internal.layout;

import io.pgha.Problem;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The passwords of a cluster's PostgreSQL and Patroni, by the names under which the store keeps them. Immutable and
 * thread-safe; each method makes the password where the store has none yet, and may do the store's I/O.
 */
public final class PatroniSecrets {
    private static final int LENGTH = 32;
    private static final Pattern HASH = Pattern.compile("md5[0-9a-f]{32}|SCRAM-SHA-256\\$.*");

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

    /**
     * Returns those that PostgreSQL would take for what a password was hashed to, so that nobody could log in with
     * them.
     */
    public List<Problem> hashes() {
        Map<String, Secret> passwords = new LinkedHashMap<>();
        passwords.put("postgres.superuser", superuser());
        passwords.put("postgres.replication", replication());
        passwords.put("postgres.rewind", rewind());
        List<Problem> problems = new ArrayList<>();
        passwords.forEach((name, password) -> {
            if (HASH.matcher(password.reveal()).matches()) {
                problems.add(Problem.of(
                        "secret.postgres-hash",
                        "The secret " + name
                                + " looks like a hash of a password (md5… or SCRAM-SHA-256$…), which PostgreSQL would"
                                + " keep as one, and nobody could log in with it",
                        "Put the password itself into the store, or another one."));
            }
        });
        return problems;
    }

    private Secret obtain(String name) {
        return store.obtain(name, () -> Secret.random(LENGTH));
    }
}
