package io.pgha.model;

import io.pgha.Given;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * Holds a password or key; never shows it: {@code toString} is {@code ****}. Immutable and thread-safe.
 */
public final class Secret {
    private static final String ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps a value.
     *
     * @param value the secret text
     * @return the secret
     */
    public static Secret of(String value) {
        Given.value(value, "value");
        return new Secret(value);
    }

    /**
     * Makes a new random secret of letters and digits that cannot be mistaken for one another.
     *
     * @param length how many characters, each worth 5.8 bits
     * @return the secret, from {@link SecureRandom}
     */
    public static Secret random(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new Secret(text.toString());
    }

    /**
     * Returns the secret text itself; do not print it.
     *
     * @return the value
     */
    public String reveal() {
        return value;
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "****";
    }
}
