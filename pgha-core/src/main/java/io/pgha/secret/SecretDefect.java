package io.pgha.secret;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What keeps a text from being a password, without the text.
 *
 * @param what a verb and what follows it, for example {@code is empty}
 * @param remedy what helps, with {@code %s} where the place belongs
 */
record SecretDefect(String what, String remedy) {
    private static final String ONE_LINE =
            "Write the password into %s as one line of UTF-8 text. Where no server has one yet,"
                    + " it may be taken away from there: pgha makes one.";

    private static final String CUT =
            "Take the blanks before and behind the password away in %s, or choose one without them. An"
                    + " earlier pgha cut them off: servers that it deployed have the password without.";

    private static final String NOT_WRITTEN =
            "Choose a password without blanks before and behind it; others cannot be kept in %s.";

    private static final String UTF_8 = "Save %s as UTF-8 without a byte order mark.";

    static final SecretDefect MARK = of("starts with a byte order mark, as editors on Windows write it", UTF_8);

    static final SecretDefect UTF_16 =
            of("starts with a byte order mark of UTF-16, as editors on Windows write it", UTF_8);

    static final SecretDefect NO_UTF_8 = of("is not UTF-8; it may be Latin-1", UTF_8);

    static final SecretDefect NO_FILE =
            of("is not a regular file", "Put a file with the password, as one line of UTF-8 text, in the place of %s.");

    private static SecretDefect of(String what, String remedy) {
        return new SecretDefect(what + ", and so is no password", remedy);
    }

    private static Optional<SecretDefect> noLine(String what) {
        return Optional.of(of(what, ONE_LINE));
    }

    static Optional<SecretDefect> find(String text) {
        if (text.isEmpty()) {
            return noLine("is empty");
        }
        if (text.codePoints().allMatch(SecretDefect::isBlank)) {
            return noLine("is empty but for blanks");
        }
        if (text.indexOf('\0') >= 0) {
            return noLine("has a NUL character; it may be UTF-16 or a binary file");
        }
        if (text.indexOf('\uFEFF') >= 0) {
            return noLine("has a byte order mark");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return noLine("has half of a character");
        }
        return ofLine(text);
    }

    private static Optional<SecretDefect> ofLine(String text) {
        long lines = text.lines().count();
        if (lines > 1) {
            return noLine("has " + lines + " lines");
        }
        if (text.endsWith("\n") || text.endsWith("\r")) {
            return noLine("has the end of a line behind it");
        }
        return text.codePoints().anyMatch(SecretDefect::isControl)
                ? noLine("has a control character")
                : Optional.empty();
    }

    /**
     * A file is written by hand, too, and a blank that nobody sees is seldom meant there. Whoever cuts it off has
     * another password than whoever does not; what comes from a program or a vault is taken at its word.
     */
    static Optional<SecretDefect> findInFile(String text) {
        return find(text).or(() -> blank(text, CUT));
    }

    /** What would be refused when it is read. */
    static Optional<SecretDefect> findForFile(String text) {
        return find(text).or(() -> blank(text, NOT_WRITTEN));
    }

    private static Optional<SecretDefect> blank(String text, String remedy) {
        if (isBlank(text.codePointAt(0))) {
            return Optional.of(blankAt("beginning", remedy));
        }
        return isBlank(text.codePointBefore(text.length())) ? Optional.of(blankAt("end", remedy)) : Optional.empty();
    }

    private static SecretDefect blankAt(String where, String remedy) {
        return new SecretDefect(
                "has a blank at its " + where + ", of which a file cannot tell whether it belongs to the password",
                remedy);
    }

    /** Those that part lines or paragraphs, too: what goes by lines may take them for an end. */
    private static boolean isControl(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** Those that do not break a line, too, which are seen as little. */
    private static boolean isBlank(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
