package io.pgha.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Compares a secret of ours with one on a host, of which neither travels: both sides hash, with a salt that is used
 * once, so that nothing can be looked up in a table. On a host: {@code printf %s "$salt$secret" | sha256sum}. Immutable
 * and thread-safe; no I/O.
 *
 * @param salt what stands before each text, hexadecimal digits
 */
public record SaltedHash(String salt) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    /**
     * Returns one with a new salt.
     *
     * @return the hash
     */
    public static SaltedHash random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new SaltedHash(HexFormat.of().formatHex(bytes));
    }

    /**
     * Hashes a text behind the salt.
     *
     * @param text the text
     * @return SHA-256 in hexadecimal digits
     */
    public String of(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((salt + text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
