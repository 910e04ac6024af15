package io.pgha.patroni.internal.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Problem;
import io.pgha.model.InvalidConfigException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Turns trees of plain values into YAML as {@code patronictl} writes it, and texts and values into trees. Stateless.
 */
public final class ConfigText {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As wide as patronictl's. */
    private static final int WIDTH = 200;

    private ConfigText() {}

    /** Returns block YAML with sorted keys, ending with a newline. */
    public static String yaml(Object plain) {
        return yaml(plain, DumperOptions.FlowStyle.BLOCK, WIDTH);
    }

    /** Returns block YAML with sorted keys, each value in one line that can be shown. */
    public static List<String> yamlLines(Map<String, Object> plain) {
        Map<String, Object> printable = new LinkedHashMap<>();
        plain.forEach((key, value) ->
                printable.put(Text.printable(key), value instanceof String text ? Text.printable(text) : value));
        return yaml(printable, DumperOptions.FlowStyle.BLOCK, Integer.MAX_VALUE)
                .lines()
                .toList();
    }

    /** Returns flow YAML with sorted keys, in one line without its end. */
    public static String flowYaml(Object plain) {
        return yaml(plain, DumperOptions.FlowStyle.FLOW, Integer.MAX_VALUE).strip();
    }

    private static String yaml(Object plain, DumperOptions.FlowStyle style, int width) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(style);
        options.setWidth(width);
        options.setSplitLines(width == WIDTH);
        options.setAllowUnicode(true);
        options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
        return new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options)
                .dump(sorted(plain));
    }

    public static String json(JsonNode tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }

    /** Returns plain Java values: maps, lists, texts, numbers, true and false, and null in a map or list. */
    public static @Nullable Object plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return map(object);
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() || node.isMissingNode() ? null : node.asText();
    }

    /** Returns an object's plain Java values. */
    public static Map<String, @Nullable Object> map(ObjectNode tree) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        tree.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
        return map;
    }

    /** Returns the tree of a map of plain values. */
    public static ObjectNode tree(Map<String, ? extends @Nullable Object> plain) {
        return (ObjectNode) tree((Object) plain);
    }

    /** Returns the tree of a plain value. */
    public static JsonNode tree(@Nullable Object plain) {
        return tree(plain, "", Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** A map or list that is within itself, as an alias that stands within what it names makes it, has no end. */
    private static JsonNode tree(@Nullable Object plain, String path, Set<Object> around) {
        if (!(plain instanceof Map<?, ?>) && !(plain instanceof Iterable<?>)) {
            return node(plain, path, around);
        }
        if (!around.add(plain)) {
            throw invalid(
                    "The configuration is nested without an end: an alias of it stands within what it names",
                    "Write the values out.");
        }
        JsonNode node = node(plain, path, around);
        around.remove(plain);
        return node;
    }

    private static JsonNode node(@Nullable Object plain, String path, Set<Object> around) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (plain == null) {
            return nodes.nullNode();
        } else if (plain instanceof Map<?, ?> map) {
            ObjectNode object = nodes.objectNode();
            map.forEach((key, value) -> object.set(
                    String.valueOf(key), tree(value, path.isEmpty() ? String.valueOf(key) : path + "." + key, around)));
            return object;
        } else if (plain instanceof Iterable<?> list && !(plain instanceof Set)) {
            ArrayNode array = nodes.arrayNode();
            list.forEach(element -> array.add(tree(element, path + "[" + array.size() + "]", around)));
            return array;
        } else if (plain instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        } else if (plain instanceof String text) {
            return nodes.textNode(text);
        } else if (plain instanceof Integer || plain instanceof Long || plain instanceof Short) {
            // As the parser does, so that trees can be compared.
            long number = ((Number) plain).longValue();
            return number == (int) number ? nodes.numberNode((int) number) : nodes.numberNode(number);
        } else if (plain instanceof BigInteger number) {
            return nodes.numberNode(number);
        } else if (plain instanceof BigDecimal number) {
            return nodes.numberNode(number);
        } else if (plain instanceof Double || plain instanceof Float) {
            double number = ((Number) plain).doubleValue();
            if (Double.isFinite(number)) {
                return nodes.numberNode(number);
            }
        }
        throw invalid(
                (path.isEmpty() ? "The configuration" : Text.printable(path)) + " is " + kind(plain)
                        + ", which no configuration holds",
                "Give texts, finite numbers, true or false, or lists and maps of them; write what YAML takes for a date in quotes.");
    }

    private static String kind(Object plain) {
        if (plain instanceof Date) {
            return "a date or time";
        }
        if (plain instanceof byte[]) {
            return "binary data";
        }
        if (plain instanceof Set) {
            return "a set";
        }
        return plain instanceof Number
                ? "no finite number"
                : "a " + plain.getClass().getSimpleName();
    }

    /** Reads YAML or JSON, which is YAML too, as patronictl does. */
    public static ObjectNode read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(10);
        Object plain;
        try {
            plain = new Yaml(new SafeConstructor(options)).load(text);
        } catch (MarkedYAMLException e) {
            // Its message quotes the text, in which secrets may stand.
            Mark mark = e.getProblemMark();
            throw invalid(
                    "The text is not YAML: " + Text.excerpt(String.valueOf(e.getProblem()))
                            + (mark == null ? "" : " in line " + (mark.getLine() + 1)),
                    "Correct the text.");
        } catch (YAMLException e) {
            throw invalid("The text is not YAML: " + Text.excerpt(String.valueOf(e.getMessage())), "Correct the text.");
        }
        JsonNode tree = tree(plain);
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw invalid(
                "The text is not a configuration: it is " + (tree.isNull() ? "empty" : "no mapping"),
                "Write keys with values, for example: loop_wait: 10");
    }

    public static InvalidConfigException invalid(String message, String remedy) {
        return new InvalidConfigException(List.of(Problem.of("patroni.config.text", message, remedy)));
    }

    private static @Nullable Object sorted(@Nullable Object plain) {
        if (plain instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((key, value) -> sorted.put(String.valueOf(key), sorted(value)));
            return sorted;
        }
        if (plain instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        return plain;
    }
}
