package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Holds a password or key; never shows it: {@code toString} is {@code ****}. Immutable and thread-safe. */
public final class Secret {
    private static final String ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final String COVER = "****";

    private final String value;
    /** Made when it is asked for first; twice does no harm. */
    private volatile @Nullable Spellings spellings;

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
     * @param length how many characters, each worth 5.8 bits; at least 1
     * @return the secret, from {@link SecureRandom}
     * @throws PgHaException when the length is less than 1 (code {@code secret.length})
     */
    public static Secret random(int length) {
        if (length < 1) {
            throw new PgHaException(Problem.of(
                    "secret.length",
                    "Secret.random(..): a secret of " + length + " characters keeps nothing",
                    "Give the number of characters, for example 32."));
        }
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

    /**
     * Covers this secret in what somebody else has written, who was given it: a host that complains of a file quotes
     * the line. It is found as it is, quoted for a shell or for YAML, escaped as in JSON, C, a URL or XML, and within
     * base64.
     *
     * @param text any text
     * @return the text with {@code ****} where the secret was; a secret of fewer than four characters is not looked for
     */
    public String coveredIn(String text) {
        return spellings().covered(Given.value(text, "text"), COVER);
    }

    private Spellings spellings() {
        Spellings known = spellings;
        if (known == null) {
            known = Spellings.of(value);
            spellings = known;
        }
        return known;
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
        return COVER;
    }
}
