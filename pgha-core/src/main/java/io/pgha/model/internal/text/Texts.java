package io.pgha.model.internal.text;

import java.util.Locale;
import java.util.regex.Pattern;

/** Answers questions about texts that end up in files and commands. */
public final class Texts {
    private static final int SHOWN = 80;
    private static final Pattern LABELS =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9]+");

    private Texts() {}

    /** Tells whether the text stays one line in every file and can be stored as UTF-8. */
    public static boolean oneLine(String text) {
        return text.codePoints().noneMatch(Texts::breaksLine);
    }

    /** Tells whether the text can name a machine: letters, digits, hyphens and dots, not mistakable for an address. */
    public static boolean hostName(String text, int longest) {
        return text.length() <= longest
                && LABELS.matcher(text).matches()
                && !NUMERIC_END.matcher(text).matches();
    }

    /** Returns the text in quotes as it may be shown in a message, whatever it holds. */
    public static String quote(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints().limit(SHOWN).forEach(c -> {
            if (breaksLine(c)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.append(text.codePointCount(0, text.length()) > SHOWN ? "…\"" : "\"")
                .toString();
    }

    private static boolean breaksLine(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || c == 0xfeff
                || (c & 0xfffe) == 0xfffe;
    }
}
