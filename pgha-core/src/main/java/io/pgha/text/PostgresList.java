package io.pgha.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads texts with commas as PostgreSQL reads lists of identifiers (varlena.c). Stateless. */
public final class PostgresList {
    private static final Pattern ITEM =
            Pattern.compile("\\s*+(?:\"([^\"]*+(?:\"\"[^\"]*+)*+)\"|([^\",\\s][^,\\s]*+))\\s*+(,|$)");

    private PostgresList() {}

    /**
     * Reads a list; blanks and capital letters stand in quoted items only, others are made small.
     *
     * @param text for example {@code "$user", public}
     * @return the items without their quotes; empty where PostgreSQL would say that the syntax of the list is invalid
     */
    public static Optional<List<String>> read(String text) {
        List<String> items = new ArrayList<>();
        Matcher matcher = ITEM.matcher(text);
        boolean more = !text.isBlank();
        while (more) {
            if (!matcher.lookingAt()) {
                return Optional.empty();
            }
            items.add(
                    matcher.group(1) == null
                            ? matcher.group(2).toLowerCase(Locale.ROOT)
                            : matcher.group(1).replace("\"\"", "\""));
            more = !matcher.group(3).isEmpty();
            matcher.region(matcher.end(), text.length());
        }
        return Optional.of(items);
    }
}
