package io.pgha.model;

import static java.util.Collections.newSetFromMap;

import io.pgha.model.internal.rule.Problems;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Turns YAML into SnakeYAML's tree and back. The tree keeps the lines, and no object is ever made from a tag. */
final class YamlText {
    private static final int MOST_CHARACTERS = 1_000_000;
    private static final int DEEPEST = 20;
    private static final int MOST_ALIASES = 50;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final int MOST_WORDS_IN_LINE = 8;

    private YamlText() {}

    /** Reads one document; empty where there is none or it is not YAML, which is then reported. */
    static Optional<Node> parse(String text, String place, Problems problems) {
        try {
            Node root = reader().compose(new StringReader(text));
            if (root == null) {
                problems.add("yaml-empty", "There is no configuration" + place, "Write at least name and topology.");
            }
            return Optional.ofNullable(root)
                    .filter(document -> !merges(document, newSetFromMap(new IdentityHashMap<>()), place, problems));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String where =
                    mark == null ? "" : " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
            syntax(where + place, String.valueOf(e.getProblem()), problems);
        } catch (YAMLException e) {
            syntax(place, String.valueOf(e.getMessage()), problems);
        }
        return Optional.empty();
    }

    /** Writes maps, lists, texts, numbers and booleans. */
    static String write(Map<String, Object> document) {
        DumperOptions options = new DumperOptions();
        options.setSplitLines(false);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setAllowUnicode(true);
        LoaderOptions unused = new LoaderOptions();
        // The standard resolver quotes more than ours needs, so that other readers of YAML understand the file too.
        Yaml yaml = new Yaml(new SafeConstructor(unused), new Representer(options), options, unused, new Resolver());
        StringWriter text = new StringWriter();
        yaml.serialize(tree(document), text);
        return text.toString();
    }

    private static Yaml reader() {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MOST_CHARACTERS);
        limits.setNestingDepthLimit(DEEPEST);
        limits.setMaxAliasesForCollections(MOST_ALIASES);
        limits.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(limits), new Representer(unused), unused, limits, new PlainResolver());
    }

    /**
     * Where keys come from elsewhere, what is said of missing and unknown ones would be misleading: this is told alone.
     */
    private static boolean merges(Node node, Set<Node> seen, String place, Problems problems) {
        boolean found = false;
        if (!seen.add(node)) {
            return false; // an alias, which may lead back to where it stands
        }
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                found |= merges(item, seen, place, problems);
            }
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.isPlain()
                        && key.getValue().equals("<<")) {
                    found = true;
                    problems.add(
                            "yaml-merge-key",
                            "Merge keys (<<) are not supported (line "
                                    + (key.getStartMark().getLine() + 1) + place + ")",
                            "Write the keys themselves; an alias (*name) may stand for a whole value.");
                } else {
                    found |= merges(tuple.getValueNode(), seen, place, problems);
                }
            }
        }
        return found;
    }

    private static void syntax(String where, String why, Problems problems) {
        String line = why.lines().findFirst().orElse("");
        problems.add(
                "yaml-syntax",
                "The configuration is not valid YAML" + where + ": " + line,
                line.contains("another document")
                        ? "Keep one document in it: take out the line with --- and what belongs to another cluster."
                        : "Correct the line; texts with special characters want quotes.");
    }

    private static Node tree(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<NodeTuple> tuples = new ArrayList<>();
            map.forEach((key, item) -> tuples.add(new NodeTuple(tree(key), tree(item))));
            return new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
        }
        if (value instanceof List<?> list) {
            List<Node> items = list.stream().map(YamlText::tree).toList();
            return new SequenceNode(Tag.SEQ, items, fitsInLine(list) ? FlowStyle.FLOW : FlowStyle.BLOCK);
        }
        return new ScalarNode(tag(value), value.toString(), null, null, ScalarStyle.PLAIN);
    }

    private static boolean fitsInLine(List<?> list) {
        return list.size() <= MOST_WORDS_IN_LINE
                && list.stream()
                        .allMatch(item -> item instanceof String text
                                && WORD.matcher(text).matches());
    }

    private static Tag tag(Object value) {
        if (value instanceof Boolean) {
            return Tag.BOOL;
        }
        if (value instanceof Double) {
            return Tag.FLOAT;
        }
        return value instanceof Number ? Tag.INT : Tag.STR;
    }

    /**
     * Knows true/false (also on/off and yes/no), decimal numbers and null; all else is text. YAML 1.1's dates, octal
     * and base-60 numbers only turn file modes, times and addresses into something that nobody meant.
     */
    private static final class PlainResolver extends Resolver {
        private static final Pattern DECIMAL = Pattern.compile("[-+]?(?:0|[1-9][0-9]*)");
        private static final Pattern FRACTION =
                Pattern.compile("[-+]?(?:0|[1-9][0-9]*)(?:\\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, DECIMAL, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, FRACTION, "-+0123456789");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
