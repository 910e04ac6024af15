package io.pgha.model;

import java.util.Optional;

/**
 * A key of a value in YAML. Immutable and thread-safe.
 *
 * @param attribute what it holds
 * @param type how that is read and written
 * @param required whether it must be there, and is always written
 */
record YamlKey(Attribute attribute, YamlType<Object> type, boolean required) {

    /** Reads it into a builder, and returns whether the value can be built. */
    boolean read(YamlValue value, Object builder) {
        Optional<Object> read = type.read(value);
        read.ifPresent(it -> attribute.give(builder, it));
        return read.isPresent() || !required;
    }
}
