package io.pgha.certs;

import io.pgha.Problem;
import io.pgha.certs.internal.crypto.EncryptedKey;
import io.pgha.certs.internal.crypto.Keys;
import io.pgha.secret.Secret;
import java.nio.file.Path;

/** Opens the files of encrypted keys, or says how to mend them. Stateless. */
final class EncryptedKeys {
    private EncryptedKeys() {}

    /** Returns the PKCS#8 key. */
    static byte[] decrypt(Path file, byte[] encrypted, Secret passphrase) {
        try {
            return EncryptedKey.decrypt(encrypted, passphrase)
                    .filter(candidate -> Keys.read(candidate).isPresent())
                    .orElseThrow(() -> wrongPassphrase(file));
        } catch (IllegalArgumentException e) {
            throw new PkiException(
                    Problem.of(
                            "pki.key-encryption",
                            "The certificate authority's key " + file + " is damaged or encrypted in an unknown way: "
                                    + e.getMessage(),
                            "Restore it from a backup, or encrypt it anew: " + encryption(file)),
                    e);
        }
    }

    /** Returns the command that encrypts a key as it should be. */
    static String encryption(Path file) {
        return "openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter " + EncryptedKey.ITERATIONS + " -in '"
                + file + "' -out ca.key.new; then put ca.key.new in its place.";
    }

    private static PkiException wrongPassphrase(Path file) {
        return new PkiException(Problem.of(
                PkiException.PASSPHRASE_WRONG,
                "The passphrase does not open the certificate authority's key " + file,
                "Give the passphrase that it was made with; to try one by hand, run: openssl pkey -noout -in '" + file
                        + "'"));
    }
}
