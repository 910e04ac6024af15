package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.model.hba.HbaSecrets;
import io.pgha.resource.FileMask.Cover;
import io.pgha.text.WrittenSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Covers what is secret in a configuration, by its keys and within its texts. Stateless. */
public final class CoveredConfig {
    private static final String LINES = "pg_hba";

    private CoveredConfig() {}

    /** Returns a value as it may be shown. */
    public static JsonNode shown(String key, JsonNode value) {
        return of(key, value, (place, secret) -> Cover.PLAIN);
    }

    /** Returns a configuration as patronictl writes it, but for its secrets. */
    public static String yaml(ObjectNode config, Cover cover) {
        return ConfigText.yaml(ConfigText.map((ObjectNode) of("", config, cover)));
    }

    /** Returns a configuration as patronictl writes it, but for its secrets. */
    public static String yaml(ObjectNode config) {
        return yaml(config, (place, secret) -> Cover.PLAIN);
    }

    /**
     * Returns a value as it may be shown.
     *
     * @param path the keys that lead to it, with dots between them; a parameter's name may have dots of its own
     */
    public static JsonNode of(String path, JsonNode value, Cover cover) {
        return at(path, path.substring(path.lastIndexOf('.') + 1), value, cover);
    }

    /** All that is below a name that says so is secret. */
    private static JsonNode at(String place, String name, JsonNode value, Cover cover) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof ObjectNode object) {
            ObjectNode shown = nodes.objectNode();
            object.properties().forEach(entry -> {
                String key = entry.getKey();
                String child = WrittenSecrets.isNamed(name) ? name : key;
                shown.set(key, at(place + "." + key, child, entry.getValue(), cover));
            });
            return shown;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode shown = nodes.arrayNode();
            if (name.startsWith(LINES)) {
                lines(array, secret -> cover.cover(place, secret)).forEach(shown::add);
            } else {
                array.forEach(element -> shown.add(at(place, name, element, cover)));
            }
            return shown;
        }
        boolean secret = value.isTextual() || (value.isNumber() && WrittenSecrets.isNamed(name));
        if (!secret) {
            return value;
        }
        String text = name.startsWith(LINES) ? HbaSecrets.coveredIn(value.asText()) : value.asText();
        return nodes.textNode(WrittenSecrets.coveredIn(name, text, found -> cover.cover(place, found)));
    }

    private static List<JsonNode> lines(ArrayNode array, UnaryOperator<String> cover) {
        List<String> texts = new ArrayList<>();
        array.forEach(line -> texts.add(line.isValueNode() ? line.asText() : line.toString()));
        List<JsonNode> shown = new ArrayList<>();
        HbaSecrets.coveredIn(texts, cover).forEach(line -> shown.add(JsonNodeFactory.instance.textNode(line)));
        return shown;
    }
}
