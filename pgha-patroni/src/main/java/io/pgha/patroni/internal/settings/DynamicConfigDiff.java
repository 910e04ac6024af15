package io.pgha.patroni.internal.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.CoveredConfig;
import io.pgha.resource.SecretChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Compares the dynamic configuration with what pgha wants of it, by Patroni's own rules (the text form counts, and of a
 * server parameter the meaning), and collects the smallest patch that makes up for the difference. Keys that pgha does
 * not want and never set are left alone. Confined to the call that makes it.
 */
public final class DynamicConfigDiff {
    private static final String PARAMETERS = "postgresql.parameters.";

    private final List<String> keys = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final ObjectNode patch = JsonNodeFactory.instance.objectNode();

    private DynamicConfigDiff() {}

    /**
     * Compares.
     *
     * @param found what {@code GET /config} answered
     * @param wanted pgha's part, an object of objects and values
     * @param remembered the names of the parameters that pgha set, as it found them in the cluster
     * @param parameters the names of all parameters that pgha wants now, whichever part they belong to
     */
    public static DynamicConfigDiff of(JsonNode found, ObjectNode wanted, JsonNode remembered, Set<String> parameters) {
        DynamicConfigDiff diff = new DynamicConfigDiff();
        diff.walk("", found, wanted, diff.patch);
        diff.remove(found.path("postgresql").path("parameters"), remembered, parameters);
        return diff;
    }

    public boolean isEmpty() {
        return patch.isEmpty();
    }

    /** Returns the names of what differs, as a reason. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    /** Returns the difference, line by line. */
    public String text() {
        return String.join("\n", lines);
    }

    public ObjectNode patch() {
        return patch.deepCopy();
    }

    private void walk(String path, JsonNode found, ObjectNode wanted, ObjectNode into) {
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            String key = field.getKey();
            JsonNode before = found.path(key);
            if (field.getValue() instanceof ObjectNode child) {
                ObjectNode below = JsonNodeFactory.instance.objectNode();
                walk(path + key + ".", before, child, below);
                if (!below.isEmpty()) {
                    into.set(key, below);
                }
            } else if (!ConfigMerge.same(before, field.getValue())
                    && !(path.equals(PARAMETERS) && ServerParameters.alike(key, before, field.getValue()))) {
                into.set(key, field.getValue());
                report(path, key, before, field.getValue());
            }
        }
    }

    private void remove(JsonNode present, JsonNode remembered, Set<String> parameters) {
        for (JsonNode name : remembered) {
            JsonNode before = present.path(name.asText());
            if (!parameters.contains(name.asText()) && !before.isMissingNode() && !before.isNull()) {
                patch.withObject("/postgresql").withObject("/parameters").putNull(name.asText());
                report(PARAMETERS, name.asText(), before, JsonNodeFactory.instance.missingNode());
            }
        }
    }

    /** pgha's own memory changes with what it remembers and is not worth a line of its own. */
    private void report(String parent, String key, JsonNode before, JsonNode after) {
        if (parent.startsWith("pgha.")) {
            return;
        }
        keys.add(key);
        String path = parent + key;
        SecretChanges secrets = new SecretChanges();
        JsonNode old = CoveredConfig.of(path, before, secrets.before());
        JsonNode wanted = CoveredConfig.of(path, after, secrets.after());
        if (before.isArray() && after.isArray()) {
            elementsOnlyIn(before, after, old).forEach(line -> lines.add("-" + path + ": " + line));
            elementsOnlyIn(after, before, wanted).forEach(line -> lines.add("+" + path + ": " + line));
            return;
        }
        if (!before.isMissingNode()) {
            lines.add("-" + path + ": " + ConfigMerge.text(old));
        }
        if (!after.isMissingNode()) {
            lines.add("+" + path + ": " + ConfigMerge.text(wanted));
        }
    }

    /** Returns them as they are shown; all of them where only their order differs. */
    private static List<String> elementsOnlyIn(JsonNode array, JsonNode other, JsonNode shown) {
        List<String> elements = texts(array);
        List<String> others = texts(other);
        boolean order = Set.copyOf(elements).equals(Set.copyOf(others));
        return IntStream.range(0, elements.size())
                .filter(i -> order || !others.contains(elements.get(i)))
                .mapToObj(i -> ConfigMerge.text(shown.path(i)))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(ConfigMerge.text(element)));
        return texts;
    }
}
