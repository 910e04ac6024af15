package io.pgha.run;

import java.util.regex.Pattern;

/** How much room a text takes in one row of a terminal. Stateless. */
final class Columns {
    /** What programs colour their output with, titles of windows, and what stands alone behind an escape. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -~])?|\u009b[0-?]*[ -/]*[@-~]");

    private Columns() {}

    /**
     * Returns the text in one row: without colours and control characters, cut at its end where it is wider than the
     * room.
     */
    static String fit(String text, int room) {
        String row = oneRow(text);
        if (of(row) <= room) {
            return row;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1; // for the ellipsis
        for (int at = 0; at < row.length(); at += Character.charCount(row.codePointAt(at))) {
            used += of(row.codePointAt(at));
            if (used > room) {
                break;
            }
            kept.appendCodePoint(row.codePointAt(at));
        }
        return room < 1 ? "" : kept.append('…').toString();
    }

    private static String oneRow(String text) {
        StringBuilder row = new StringBuilder();
        ESCAPES.matcher(text)
                .replaceAll("")
                .codePoints()
                .map(point -> point == '\t' ? ' ' : point)
                .filter(point -> !Character.isISOControl(point)
                        && Character.getType(point) != Character.LINE_SEPARATOR
                        && Character.getType(point) != Character.PARAGRAPH_SEPARATOR)
                .forEach(row::appendCodePoint);
        return row.toString();
    }

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    private static int of(int point) {
        return switch (Character.getType(point)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(point) ? 2 : 1;
        };
    }

    /**
     * The blocks that Unicode calls wide or full width, with the emoji; where in doubt, two columns rather than one.
     */
    private static boolean isWide(int point) {
        return point >= 0x1100
                && (point <= 0x115f
                        || (point >= 0x231a && point <= 0x231b)
                        || (point >= 0x23e9 && point <= 0x23f3)
                        || (point >= 0x25fd && point <= 0x27bf)
                        || (point >= 0x2b1b && point <= 0x2b55)
                        || (point >= 0x2e80 && point <= 0xa4cf)
                        || (point >= 0xa960 && point <= 0xa97c)
                        || (point >= 0xac00 && point <= 0xd7a3)
                        || (point >= 0xf900 && point <= 0xfaff)
                        || (point >= 0xfe10 && point <= 0xfe6f)
                        || (point >= 0xff00 && point <= 0xff60)
                        || (point >= 0xffe0 && point <= 0xffe6)
                        || (point >= 0x16fe0 && point <= 0x1b2ff)
                        || (point >= 0x1f000 && point <= 0x1faff)
                        || (point >= 0x20000 && point <= 0x3fffd));
    }
}
