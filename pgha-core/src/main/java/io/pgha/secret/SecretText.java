package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Judges what a store holds: a password is one line of text. Says what is wrong, never what is there. Stateless; no I/O. */
public final class SecretText {
    private SecretText() {}

    /** Returns the secret in a file; blanks and the end of the line around it do not count. */
    static Secret read(byte[] content, String where) {
        if (starts(content, 0xEF, 0xBB, 0xBF) || starts(content, 0xFF, 0xFE) || starts(content, 0xFE, 0xFF)) {
            throw refused(where, "starts with a byte order mark, as editors on Windows write it");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return checked(Secret.of(text.strip()), where);
        } catch (CharacterCodingException e) {
            throw refused(where, "is not UTF-8");
        }
    }

    /**
     * Refuses a secret that is no password, wherever it comes from.
     *
     * @param secret the secret
     * @param where what is told of it in place of its text, for example {@code The secret postgres.superuser}
     * @return the same secret
     * @throws PgHaException when it is empty, has several lines, control characters, a byte order mark or half a character (code
     *     {@code secrets.malformed})
     */
    public static Secret checked(Secret secret, String where) {
        Given.value(secret, "secret");
        Given.value(where, "where");
        defect(secret.reveal()).ifPresent(what -> {
            throw refused(where, what);
        });
        return secret;
    }

    private static Optional<String> defect(String text) {
        if (text.isBlank()) {
            return Optional.of("is empty");
        }
        if (text.indexOf('\0') >= 0) {
            return Optional.of("has a NUL character; it may be UTF-16 or a binary file");
        }
        if (text.indexOf('\uFEFF') >= 0) {
            return Optional.of("has a byte order mark");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return Optional.of("has half of a character");
        }
        long lines = text.lines().count();
        if (lines > 1) {
            return Optional.of("has " + lines + " lines");
        }
        return text.chars().anyMatch(Character::isISOControl)
                ? Optional.of("has a control character")
                : Optional.empty();
    }

    private static boolean starts(byte[] content, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (content.length <= i || (content[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static PgHaException refused(String where, String what) {
        return new PgHaException(Problem.of(
                "secrets.malformed",
                where + " " + what + ", and so is no password",
                "Write the password as one line of UTF-8 text without a byte order mark"
                        + ", or remove it and have pgha make one."));
    }
}
