package io.pgha.secret;

import io.pgha.Given;
import io.pgha.PgHaException;
import io.pgha.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Judges what a store holds: a password is one line of text. Says what is wrong, never what is there. Stateless; no
 * I/O.
 */
public final class SecretText {
    private SecretText() {}

    /** Returns the secret in a file; editors end a line, or a few, which is no part of it. */
    static Secret read(byte[] content, Path file) {
        if (starts(content, 0xEF, 0xBB, 0xBF)) {
            throw refused(SecretDefect.MARK, file);
        }
        if (starts(content, 0xFF, 0xFE) || starts(content, 0xFE, 0xFF)) {
            throw refused(SecretDefect.UTF_16, file);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            String line = withoutEnd(text);
            SecretDefect.findInFile(line).ifPresent(defect -> {
                throw refused(defect, file);
            });
            return Secret.of(line);
        } catch (CharacterCodingException e) {
            throw refused(SecretDefect.NO_UTF_8, file);
        }
    }

    /**
     * Refuses a secret that is no password, wherever it comes from.
     *
     * @param secret the secret
     * @param where what is told of it in place of its text, for example {@code The secret postgres.superuser}
     * @return the same secret
     * @throws PgHaException when it is empty or nothing but blanks, has several lines or the end of one, control
     *     characters, a byte order mark or half a character (code {@code secrets.malformed})
     */
    public static Secret checked(Secret secret, String where) {
        Given.value(secret, "secret");
        Given.value(where, "where");
        SecretDefect.find(secret.reveal()).ifPresent(defect -> {
            throw refused(defect, where, "the store");
        });
        return secret;
    }

    /** Refuses a secret that would be read as another one, or not at all, from a file. */
    static Secret checkedFor(Path file, Secret secret, String where) {
        SecretDefect.findForFile(Given.value(secret, "secret").reveal()).ifPresent(defect -> {
            throw refused(defect, where, file.toString());
        });
        return secret;
    }

    private static String withoutEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean starts(byte[] content, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (content.length <= i || (content[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    static PgHaException refused(SecretDefect defect, Path file) {
        return refused(defect, "The secret in " + file, file.toString());
    }

    private static PgHaException refused(SecretDefect defect, String where, String place) {
        return new PgHaException(Problem.of(
                "secrets.malformed",
                where + " " + defect.what(),
                defect.remedy().formatted(place)));
    }
}
