package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.model.parameter.Parameter;
import java.util.Optional;

/** Reads what Patroni takes for true and false. Stateless. */
public final class Switch {
    private Switch() {}

    /** Returns nothing where Patroni takes the value for neither. */
    public static Optional<Boolean> of(JsonNode value) {
        return value.isValueNode() ? Parameter.flag(value.asText()) : Optional.empty();
    }
}
