package io.pgha.model;

import java.util.Optional;
import java.util.function.Supplier;

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
     * Returns whether a value is what it is where nothing is said.
     *
     * @param value the value
     * @param beside makes the default beside the other attributes, on which it may depend
     */
    default boolean isDefault(V value, Supplier<Optional<V>> beside) {
        return beside.get().equals(Optional.of(value));
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
