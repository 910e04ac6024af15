package io.pgha.model.internal.text;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes lists such as {@code shared_preload_libraries} as PostgreSQL reads them. Stateless. */
public final class ParameterList {
    /** What needs no quotes; in quotes already it is left as it is. */
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9_./*+-]+|\"[^\"]*\"");

    private ParameterList() {}

    public static String text(List<String> items) {
        return items.stream()
                .map(item -> PLAIN.matcher(item).matches() ? item : '"' + item.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(", "));
    }
}
