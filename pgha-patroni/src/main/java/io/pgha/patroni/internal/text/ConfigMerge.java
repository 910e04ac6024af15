package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Merges and compares configurations by Patroni's own rules: null removes, objects merge, everything else replaces; and
 * two values are the same when Python prints them alike. Stateless.
 */
public final class ConfigMerge {
    private ConfigMerge() {}

    /** Changes a configuration as {@code PATCH /config} does, except that no null is left behind. */
    public static void apply(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            JsonNode present = target.get(entry.getKey());
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value instanceof ObjectNode child) {
                ObjectNode into = present instanceof ObjectNode object ? object : target.putObject(entry.getKey());
                apply(into, child);
            } else {
                target.set(entry.getKey(), value.deepCopy());
            }
        });
    }

    /** Returns the smallest patch that makes one configuration the other. */
    public static ObjectNode patch(ObjectNode before, ObjectNode after) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        before.properties().forEach(entry -> {
            if (!after.has(entry.getKey())) {
                patch.putNull(entry.getKey());
            }
        });
        after.properties().forEach(entry -> {
            JsonNode old = before.get(entry.getKey());
            JsonNode value = entry.getValue();
            if (old instanceof ObjectNode from && value instanceof ObjectNode to) {
                ObjectNode below = patch(from, to);
                if (!below.isEmpty()) {
                    patch.set(entry.getKey(), below);
                }
            } else if (old == null || !same(old, value)) {
                patch.set(entry.getKey(), value.deepCopy());
            }
        });
        return patch;
    }

    /** Returns the paths of all values that a patch touches. */
    public static Set<String> paths(ObjectNode patch) {
        Set<String> paths = new TreeSet<>();
        collect("", patch, paths);
        return paths;
    }

    private static void collect(String prefix, ObjectNode patch, Set<String> paths) {
        patch.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode child && !child.isEmpty()) {
                collect(prefix + entry.getKey() + ".", child, paths);
            } else {
                paths.add(prefix + entry.getKey());
            }
        });
    }

    /** Returns whether a configuration has everything that a patch asks for. */
    public static boolean holds(JsonNode config, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode present = config.path(entry.getKey());
            JsonNode wanted = entry.getValue();
            boolean there = wanted.isNull()
                    ? present.isMissingNode() || present.isNull()
                    : (wanted instanceof ObjectNode child && present.isObject())
                            ? holds(present, child)
                            : same(present, wanted);
            if (!there) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether Patroni takes one value for the other; what is not there is like nothing else. */
    public static boolean same(JsonNode one, JsonNode other) {
        return one.isMissingNode() == other.isMissingNode()
                && one.isObject() == other.isObject()
                && one.isArray() == other.isArray()
                && text(one).equals(text(other));
    }

    /** Returns a value as Python prints it, for that is what Patroni compares. */
    public static String text(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(ConfigMerge::text)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.asText();
    }
}
