package io.pgha.resource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Covers the secrets of something as it was and as it shall be, so that one sees which of them change: those of what
 * was go through {@link #before} first. Confined to one comparison.
 */
public final class SecretChanges {
    private static final String CHANGED = FileMask.Cover.PLAIN + " (changed)";

    private final Map<String, Set<String>> old = new HashMap<>();

    /** Creates one that has seen no secret yet. */
    public SecretChanges() {}

    /**
     * Returns the cover for what was.
     *
     * @return one that shows {@code ****}
     */
    public FileMask.Cover before() {
        return (place, secret) -> {
            old.computeIfAbsent(place, any -> new HashSet<>()).add(secret);
            return FileMask.Cover.PLAIN;
        };
    }

    /**
     * Returns the cover for what shall be.
     *
     * @return one that shows {@code **** (changed)} where others stood at the same place, and {@code ****} elsewhere
     */
    public FileMask.Cover after() {
        return (place, secret) ->
                old.getOrDefault(place, Set.of(secret)).contains(secret) ? FileMask.Cover.PLAIN : CHANGED;
    }

    @Override
    public String toString() {
        return "secrets of " + old.size() + " places";
    }
}
