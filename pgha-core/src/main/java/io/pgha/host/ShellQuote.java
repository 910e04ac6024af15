package io.pgha.host;

/** Quotes values for POSIX {@code sh}; the only way a value may enter a script. Stateless, thread-safe, no I/O. */
public final class ShellQuote {
    private ShellQuote() {}

    /**
     * Returns the value as exactly one word of a POSIX shell, whatever characters it holds.
     *
     * @param value any text without NUL
     * @return the quoted word
     * @throws IllegalArgumentException for a NUL character, which no shell word can carry
     */
    public static String quote(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("A shell word cannot hold a NUL character");
        }
        if (!value.isEmpty() && value.chars().allMatch(ShellQuote::plain)) {
            return value;
        }
        return "'" + value.replace("'", "'\\''") + "'";
    }

    private static boolean plain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_-./:@,+".indexOf(c) >= 0;
    }
}
