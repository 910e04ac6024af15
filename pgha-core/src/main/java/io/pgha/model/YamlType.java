package io.pgha.model;

import java.util.Optional;

/**
 * Reads and writes one type of value.
 *
 * @param <V> the type
 */
interface YamlType<V> {
    /** Reads the value; what is wrong is reported to the place's problems, and gives empty. */
    Optional<V> read(YamlValue value);

    /** Returns the value as maps, lists, texts, numbers and booleans. */
    Object write(V value);

    /** Returns the same with everything that {@link #write} leaves out because it equals its default. */
    default Object whole(V value) {
        return write(value);
    }

    /**
     * Makes a type from a text, or a reason why it is none.
     *
     * @param <V> the type
     */
    interface Parser<V> {
        Optional<V> parse(String text);
    }
}
