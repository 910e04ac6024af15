package io.pgha.model;

/** Answers which values a parameter or tag may have. */
final class Scalars {
    private Scalars() {}

    /** Tells whether the value is one line of text, a finite number, or true or false. */
    static boolean valid(Object value) {
        if (value instanceof String text) {
            return Texts.oneLine(text);
        }
        return value instanceof Boolean || (value instanceof Number number && Double.isFinite(number.doubleValue()));
    }
}
