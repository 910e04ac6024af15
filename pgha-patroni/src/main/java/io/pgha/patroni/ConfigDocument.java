package io.pgha.patroni;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Is the dynamic configuration as a tree of JSON, in which it is compared and changed. Stateless. */
final class ConfigDocument {
    private ConfigDocument() {}

    /** Reads the answer to {@code GET /config}. */
    static DynamicConfig read(String body) throws BadAnswerException {
        return of((ObjectNode) Json.object(body));
    }

    static DynamicConfig of(ObjectNode tree) {
        return DynamicConfig.of(ConfigText.map(tree));
    }

    /** Returns a tree of its own, which may be changed. */
    static ObjectNode tree(DynamicConfig config) {
        return ConfigText.tree(config.raw());
    }
}
