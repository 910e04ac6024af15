package io.pgha.model;

import io.pgha.model.hba.HbaSecrets;
import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Texts;
import io.pgha.text.WrittenSecrets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one place of a YAML document; what cannot be read is reported with path and line, and is empty.
 *
 * @param node the place in SnakeYAML's tree
 * @param line the line where it begins, with its key where it has one
 * @param path the keys that lead to it, for example {@code topology.nodes[2]}; empty for the whole document
 * @param place what to append to a line number: nothing, or the name of the file
 * @param problems takes what is wrong
 */
record YamlValue(Node node, int line, String path, String place, Problems problems) {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.NULL, Tag.MAP, Tag.SEQ);
    private static final Set<String> TRUE = Set.of("true", "yes", "on");
    private static final int MOST_DIGITS = 40;

    static YamlValue document(Node root, String place, Problems problems) {
        return new YamlValue(root, line(root), "", place, problems);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    /** Returns the scalar's text as it is written, whatever YAML would make of it: {@code no} is a fine name. */
    Optional<String> text(String expected) {
        if (node instanceof ScalarNode scalar && !Tag.NULL.equals(node.getTag()) && plain()) {
            return Optional.of(scalar.getValue());
        }
        return wrong(expected);
    }

    /** Returns text, number or boolean, as YAML tells them apart. */
    Optional<Object> scalar() {
        String expected = "text, a number or true/false";
        Optional<String> text = text(expected);
        Tag tag = node.getTag();
        if (text.isEmpty() || Tag.STR.equals(tag)) {
            return text.map(value -> value);
        }
        if (Tag.BOOL.equals(tag)) {
            return Optional.of(TRUE.contains(text.get().toLowerCase(Locale.ROOT)));
        }
        try {
            return Optional.of(number(text.get(), tag));
        } catch (NumberFormatException e) {
            return wrong(expected);
        }
    }

    /** Returns the items of a list. */
    Optional<List<YamlValue>> items(String expected) {
        if (!(node instanceof SequenceNode sequence) || !plain()) {
            return wrong(expected);
        }
        List<YamlValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(at(item, line(item), path + "[" + items.size() + "]"));
        }
        return Optional.of(items);
    }

    /** Returns the entries of a mapping in their order; a key given twice is reported. */
    Optional<Map<String, YamlValue>> entries(String expected) {
        if (!(node instanceof MappingNode mapping) || !plain()) {
            return wrong(expected);
        }
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int begin = line(tuple.getKeyNode());
            YamlValue keyNode = at(tuple.getKeyNode(), begin, path);
            keyNode.text("a key that is text").ifPresent(key -> {
                YamlValue value = at(tuple.getValueNode(), begin, path.isEmpty() ? key : path + "." + key);
                YamlValue other = entries.putIfAbsent(key, value);
                if (other != null) {
                    value.problem(
                            "key-duplicate",
                            "is given twice, in line " + other.line() + " and here",
                            "Remove one of the two.");
                }
            });
        }
        return Optional.of(entries);
    }

    /** Returns this mapping with one more entry in front. */
    YamlValue with(String key, String value) {
        if (!(node instanceof MappingNode mapping)) {
            return this;
        }
        List<NodeTuple> tuples = new ArrayList<>();
        tuples.add(new NodeTuple(scalarLike(key), scalarLike(value)));
        tuples.addAll(mapping.getValue());
        return at(
                new MappingNode(
                        mapping.getTag(), true, tuples, node.getStartMark(), node.getEndMark(), mapping.getFlowStyle()),
                line,
                path);
    }

    /** Reports that this place does not hold what was expected. */
    <T> Optional<T> wrong(String expected) {
        if (plain()) {
            problem("value-type", "expected " + expected + ", found " + found(), "Write " + expected + ".");
        } else {
            problem(
                    "yaml-tag",
                    "the tag " + Texts.quote(node.getTag().getValue()) + " means nothing here",
                    "Remove the tag and write the value itself.");
        }
        return Optional.empty();
    }

    void problem(String code, String message, String remedy) {
        String name = path.isEmpty() ? "The configuration" : Texts.oneLine(path) ? path : Texts.quote(path);
        problems.add(code, name + ": " + message + " (line " + line + place + ")", remedy);
    }

    private static int line(Node node) {
        return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
    }

    private YamlValue at(Node other, int begin, String otherPath) {
        return new YamlValue(other, begin, otherPath, place, problems);
    }

    private boolean plain() {
        return PLAIN.contains(node.getTag());
    }

    private String found() {
        if (node instanceof ScalarNode scalar) {
            String name = path.substring(path.lastIndexOf('.') + 1);
            return Tag.NULL.equals(node.getTag())
                    ? "nothing"
                    : Texts.quote(WrittenSecrets.coveredIn(name, HbaSecrets.coveredIn(scalar.getValue())));
        }
        return isMapping() ? "a mapping" : "a list";
    }

    private Node scalarLike(String text) {
        return new ScalarNode(
                Tag.STR,
                text,
                node.getStartMark(),
                node.getEndMark(),
                org.yaml.snakeyaml.DumperOptions.ScalarStyle.DOUBLE_QUOTED);
    }

    private static Number number(String text, Tag tag) {
        if (text.length() > MOST_DIGITS) {
            throw new NumberFormatException("too long");
        }
        return Tag.FLOAT.equals(tag) ? (Number) Double.valueOf(text) : new BigDecimal(text).toBigIntegerExact();
    }
}
