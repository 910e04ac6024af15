package io.pgha.certs;

import io.pgha.Given;
import io.pgha.certs.internal.crypto.EncryptedKey;
import io.pgha.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the clusters' certificate authorities. The ready-made stores are {@link #directory} and {@link #memory};
 * implement it to keep them elsewhere, for example in a vault.
 *
 * <p>Implementations are thread-safe and may do I/O. They report failures as {@link PkiException}. They must never
 * answer "there is none" when they cannot tell: a second authority would be made, and no node would trust the other's
 * certificates. They are read for every plan and for every certificate that is issued, so that no process works with an
 * authority that another one has replaced: reading should be cheap.
 */
public interface CaStore {

    /**
     * Returns what is kept for a cluster.
     *
     * @param cluster the cluster's name
     * @return equal to what was kept last, or empty where nothing ever was
     * @throws PkiException when there is something, but it cannot be read, or when that cannot be told
     */
    Optional<KeptAuthority> read(String cluster);

    /**
     * Keeps the first authority of a cluster; all or nothing. Of several callers, also in other processes, exactly one
     * wins.
     *
     * @param cluster the cluster's name
     * @param first what to keep where there is nothing yet
     * @return what is kept now: the given one, or what was kept before
     * @throws PkiException when it cannot be kept
     */
    KeptAuthority keep(String cluster, KeptAuthority first);

    /**
     * Replaces what is kept; all or nothing. Of several callers, also in other processes, exactly one wins.
     *
     * @param cluster the cluster's name
     * @param before what the caller has read
     * @param after what to keep in its place
     * @throws PkiException when it cannot be kept, or when something else than {@code before} is kept now (code
     *     {@code pki.store-changed}); nothing was changed
     */
    void replace(String cluster, KeptAuthority before, KeptAuthority after);

    /**
     * Returns a store in a directory, one sub-directory (0700) a cluster with {@code ca.crt} and {@code ca.key} (0600).
     * The key is encrypted with the passphrase: PKCS#8, PBES2, PBKDF2-HMAC-SHA-256 with 600,000 iterations (OWASP's
     * number), AES-256-CBC; {@code openssl pkey -in ca.key} opens it. Does no I/O yet.
     *
     * <p>What replaces it lies below, in a sub-directory with a higher number each time; the one before is deleted.
     *
     * <p>The directory itself is made (0700) with the first authority; its parent must exist. A cluster's sub-directory
     * that lacks one of the files is an error, never a reason to make another authority.
     *
     * @param directory the directory; it needs a file system with POSIX permissions
     * @param passphrase what the keys are encrypted with; not empty
     * @return the store
     * @throws PkiException when the passphrase is empty (code {@code pki.passphrase-empty})
     */
    static CaStore directory(Path directory, Secret passphrase) {
        Given.value(directory, "directory");
        Given.value(passphrase, "passphrase");
        return new DirectoryCaStore(directory, passphrase, EncryptedKey.ITERATIONS);
    }

    /**
     * Returns a store that forgets everything with the process; for rehearsals and tests.
     *
     * @return the store
     */
    static CaStore memory() {
        return new MemoryCaStore();
    }
}
