package io.pgha.model.internal.text;

/** Answers which values a parameter or tag may have. */
public final class Scalars {
    private Scalars() {}

    /** Tells whether the value is one line of text, a finite number, or true or false. */
    public static boolean valid(Object value) {
        if (value instanceof String text) {
            return Texts.oneLine(text);
        }
        return value instanceof Boolean || (value instanceof Number number && Double.isFinite(number.doubleValue()));
    }
}
