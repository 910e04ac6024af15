package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Finds places in a configuration by the dotted paths that {@code patronictl edit-config -s} takes. Stateless. */
public final class ConfigPath {
    private static final String PARAMETERS = "postgresql.parameters.";

    private ConfigPath() {}

    /** Returns the keys of a path; a parameter's name may have dots of its own. */
    public static List<String> keys(String path) {
        List<String> keys = path.startsWith(PARAMETERS)
                ? List.of("postgresql", "parameters", path.substring(PARAMETERS.length()))
                : List.of(path.split("\\.", -1));
        if (keys.stream().anyMatch(String::isEmpty)) {
            throw ConfigText.invalid(
                    "\"" + Text.excerpt(path) + "\" is no path in a configuration",
                    "Write keys joined by dots, for example postgresql.parameters.work_mem");
        }
        return keys;
    }

    /** Sets a value; objects on the way are made, and what stands there instead of an object is replaced. */
    public static void set(ObjectNode root, List<String> keys, JsonNode value) {
        ObjectNode at = root;
        for (String key : keys.subList(0, keys.size() - 1)) {
            at = at.get(key) instanceof ObjectNode child ? child : at.putObject(key);
        }
        at.set(keys.get(keys.size() - 1), value);
    }

    /** Removes a value, and the objects that are empty without it. */
    public static void remove(ObjectNode root, List<String> keys) {
        String key = keys.get(0);
        if (keys.size() == 1) {
            root.remove(key);
        } else if (root.get(key) instanceof ObjectNode child) {
            remove(child, keys.subList(1, keys.size()));
            if (child.isEmpty()) {
                root.remove(key);
            }
        }
    }
}
