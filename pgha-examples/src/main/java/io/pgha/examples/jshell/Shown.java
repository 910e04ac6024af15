package io.pgha.examples.jshell;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What JShell shows of a value: whole where it is asked to, and never cut in the middle where it is not. */
public final class Shown {
    /** JShell takes the middle out of what is longer than 1000 characters. */
    private static final int LONGEST = 900;

    private static final int MOST_LINES = 24;
    private static final int LONGEST_LINE = 160;

    private Shown() {}

    /**
     * Returns all of a value.
     *
     * @param value any value
     * @return its text; of a collection, an array or a map a line for each element
     */
    public static String whole(@Nullable Object value) {
        if (value instanceof Collection<?> collection) {
            return lines(collection);
        }
        if (value instanceof Object[] array) {
            return lines(Arrays.asList(array));
        }
        if (value instanceof Map<?, ?> map) {
            return lines(map.entrySet());
        }
        return Objects.toString(value);
    }

    private static String lines(Collection<?> elements) {
        return elements.stream().map(Objects::toString).collect(Collectors.joining("\n"));
    }

    /**
     * Returns what the prompt shows behind {@code ==>}: the whole text where it is short, the first line and how much
     * there is where it is not.
     *
     * @param text the value's text, as JShell has it: a string in quotation marks, with its line ends written
     *     {@code \n}
     * @return at most 900 characters
     */
    public static String echo(String text) {
        long lines = text.lines().count();
        if (text.length() <= LONGEST && lines <= MOST_LINES) {
            return text;
        }
        String first = text.lines().findFirst().orElse("");
        String start = first.length() <= LONGEST_LINE ? first : first.substring(0, LONGEST_LINE) + "…";
        return start + " (" + (lines > 1 ? lines + " lines" : text.length() + " characters")
                + ": show(..) prints them)";
    }
}
