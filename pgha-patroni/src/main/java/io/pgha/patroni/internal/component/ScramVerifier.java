package io.pgha.patroni.internal.component;

import io.pgha.secret.Secret;
import io.pgha.text.SaltedHash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Computes what PostgreSQL keeps of a password (RFC 5802, SCRAM-SHA-256). Stateless; no I/O. */
final class ScramVerifier {
    private static final int KEY_BITS = 256;

    private ScramVerifier() {}

    /**
     * Returns whether a password is the one of a verifier.
     *
     * @param password the password
     * @param terms the verifier's iterations and salt, {@code 4096:BASE64}
     * @param salted what the stored key was hashed with
     * @param hash the hash of the stored key
     */
    static boolean matches(Secret password, String terms, SaltedHash salted, String hash) {
        int colon = terms.indexOf(':');
        if (colon < 0) {
            return false;
        }
        int iterations = Integer.parseInt(terms.substring(0, colon));
        byte[] salt = Base64.getDecoder().decode(terms.substring(colon + 1));
        return salted.of(storedKey(password.reveal(), salt, iterations)).equals(hash);
    }

    static String storedKey(String password, byte[] salt, int iterations) {
        try {
            String prepared = Normalizer.normalize(password, Normalizer.Form.NFKC);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(prepared.toCharArray(), salt, iterations, KEY_BITS))
                    .getEncoded();
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salted, "HmacSHA256"));
            byte[] client = mac.doFinal("Client Key".getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(client));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
