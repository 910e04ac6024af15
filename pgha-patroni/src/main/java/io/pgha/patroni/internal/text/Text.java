package io.pgha.patroni.internal.text;

/** Makes what a server sent fit to be shown. */
public final class Text {
    private static final int LONGEST = 200;

    private Text() {}

    /** Returns the line that tells of work while maintenance was closed. */
    public static String overridden(String reason) {
        return "\nMaintenance was closed; overridden: " + printable(reason);
    }

    /** Returns the text in one line, without anything that could steer a terminal. */
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean harmful = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            clean.appendCodePoint(harmful ? '?' : c);
        });
        return clean.toString();
    }

    /** Returns the text as {@link #printable} does, cut to a length that fits into a message. */
    public static String excerpt(String text) {
        String clean = printable(text.strip());
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "…";
    }

    /** Returns bytes the way people say them, with binary units. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1024 * 1024 ? bytes / 1024 + " kB" : bytes / (1024 * 1024) + " MB";
    }
}
