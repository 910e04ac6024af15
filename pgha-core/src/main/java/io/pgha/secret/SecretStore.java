package io.pgha.secret;

import io.pgha.Given;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Keeps the passwords that pgha makes or is given. Implementations are thread-safe.
 */
public interface SecretStore {

    /**
     * Returns a secret, making and keeping it where there is none yet. May do I/O.
     *
     * @param name dotted lower-case name, for example {@code postgres.superuser}
     * @param otherwise makes the secret
     * @return the secret, the same one at every later call
     * @throws io.pgha.PgHaException where what is kept, or made, is not one line of text
     */
    Secret obtain(String name, Supplier<Secret> otherwise);

    /**
     * Returns the part of this store that belongs to one cluster.
     *
     * @param cluster the cluster's name
     * @return the narrowed store
     */
    SecretStore forCluster(String cluster);

    /**
     * Returns a store in a directory: one file a secret, {@code CLUSTER/NAME}, readable by the owner only.
     *
     * @param directory the directory; made (0700) when the first secret is kept
     * @return the store
     */
    static SecretStore directory(Path directory) {
        return new DirectorySecretStore(Given.value(directory, "directory"));
    }

    /**
     * Returns a store that forgets everything with the process; for rehearsals and tests.
     *
     * @return the store
     */
    static SecretStore memory() {
        return new MemorySecretStore();
    }
}
