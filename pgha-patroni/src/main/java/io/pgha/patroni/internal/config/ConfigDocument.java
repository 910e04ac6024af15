package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.Json;

/** Is the dynamic configuration as a tree of JSON, in which it is compared and changed. Stateless. */
public final class ConfigDocument {
    private ConfigDocument() {}

    /** Reads the answer to {@code GET /config}. */
    public static DynamicConfig read(String body) throws BadAnswerException {
        return of((ObjectNode) Json.object(body));
    }

    public static DynamicConfig of(ObjectNode tree) {
        return DynamicConfig.of(ConfigText.map(tree));
    }

    /** Returns a tree of its own, which may be changed. */
    public static ObjectNode tree(DynamicConfig config) {
        return ConfigText.tree(config.raw());
    }
}
