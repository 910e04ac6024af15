package io.pgha.internal.record;

import java.util.ArrayList;
import java.util.List;

/**
 * Names one attribute of a configuration, as its YAML does: {@code topology.nodes.postgres-01.address}. A pattern has
 * {@code *} in place of a name that the user gives. Immutable and thread-safe.
 *
 * @param words from the outermost key inwards
 */
record AttributePath(List<String> words) {
    private static final String ANY = "*";

    static AttributePath root() {
        return new AttributePath(List.of());
    }

    /** Takes a path whose words have no dots, for example a pattern. */
    static AttributePath of(String text) {
        return new AttributePath(List.of(text.split("\\.", -1)));
    }

    AttributePath then(String word) {
        List<String> longer = new ArrayList<>(words);
        longer.add(word);
        return new AttributePath(List.copyOf(longer));
    }

    /** Returns whether this path goes on below the other. */
    boolean startsWith(AttributePath other) {
        return words.size() > other.words.size()
                && words.subList(0, other.words.size()).equals(other.words);
    }

    /** Returns whether this pattern means the path, or one above it. */
    boolean covers(AttributePath path) {
        if (words.size() > path.words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!words.get(i).equals(ANY) && !words.get(i).equals(path.words.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return String.join(".", words);
    }
}
