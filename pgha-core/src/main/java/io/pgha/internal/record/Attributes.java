package io.pgha.internal.record;

import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * A configuration, or what is known of one, as a text for each attribute. No rule is checked and no key need be known:
 * what an older or a newer pgha has written can be compared, too. Several sources may say different things of one
 * attribute.
 *
 * <p>Immutable and thread-safe.
 */
final class Attributes {
    private final Map<AttributePath, Set<String>> values;

    private Attributes(Map<AttributePath, Set<String>> values) {
        this.values = values;
    }

    static Attributes none() {
        return new Attributes(Map.of());
    }

    static Attributes of(ClusterConfig config) {
        return ofYaml(ConfigCodec.yaml().writeWhole(config));
    }

    /**
     * Takes what {@link ConfigCodec} has written.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Attributes ofYaml(String text) {
        try {
            if (new Yaml(new SafeConstructor(new LoaderOptions())).load(text) instanceof Map<?, ?> map) {
                return ofTree(map);
            }
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the configuration in it is not what pgha writes", e);
        }
        throw new IllegalArgumentException("the configuration in it is no mapping");
    }

    static Attributes ofTree(Map<?, ?> tree) {
        Map<AttributePath, Set<String>> values = new LinkedHashMap<>();
        add(values, AttributePath.root(), tree);
        return new Attributes(values);
    }

    private static void add(Map<AttributePath, Set<String>> values, AttributePath path, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> add(values, path.then(String.valueOf(key)), item));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                add(values, path.then(key(list.get(i), i)), list.get(i));
            }
        } else {
            values.computeIfAbsent(path, any -> new LinkedHashSet<>()).add(String.valueOf(value));
        }
    }

    /** A node is known by its name, a virtual IP by its address, a role by itself. */
    private static String key(Object item, int index) {
        if (item instanceof Map<?, ?> map) {
            Object name = map.containsKey("name") ? map.get("name") : map.get("address");
            return Objects.toString(name, String.valueOf(index));
        }
        return String.valueOf(item);
    }

    Attributes and(Attributes others) {
        Map<AttributePath, Set<String>> all = new LinkedHashMap<>();
        for (Attributes one : List.of(this, others)) {
            one.values.forEach((path, texts) ->
                    all.computeIfAbsent(path, any -> new LinkedHashSet<>()).addAll(texts));
        }
        return new Attributes(all);
    }

    Set<AttributePath> paths() {
        return values.keySet();
    }

    /** Returns what is said of an attribute; empty where nothing is. */
    Set<String> of(AttributePath path) {
        return values.getOrDefault(path, Set.of());
    }

    /** Returns the next words of all paths that begin like this, for example the names of all nodes. */
    Set<String> below(AttributePath path) {
        Set<String> words = new LinkedHashSet<>();
        values.keySet().stream()
                .filter(each -> each.startsWith(path))
                .forEach(each -> words.add(each.words().get(path.words().size())));
        return words;
    }
}
