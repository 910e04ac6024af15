package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.model.patroni.SynchronousMode;
import java.util.Optional;

/** What {@code synchronous_mode} is in Patroni's dynamic configuration. Stateless. */
public final class SynchronousText {
    private SynchronousText() {}

    public static Object of(SynchronousMode mode) {
        return switch (mode) {
            case OFF -> false;
            case ON -> true;
            case QUORUM -> "quorum";
        };
    }

    /** Returns nothing where the value is none of Patroni's, which takes it for off. */
    public static Optional<SynchronousMode> read(JsonNode value) {
        return value.asText().equalsIgnoreCase("quorum")
                ? Optional.of(SynchronousMode.QUORUM)
                : Switch.of(value).map(on -> on ? SynchronousMode.ON : SynchronousMode.OFF);
    }
}
