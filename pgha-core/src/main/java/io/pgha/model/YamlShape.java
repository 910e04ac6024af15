package io.pgha.model;

import io.pgha.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The YAML of a value of the model: a key for each of its attributes. Reading and writing both follow it. Immutable and
 * thread-safe.
 *
 * @param <T> the value's type
 */
final class YamlShape<T> implements YamlType<T> {
    private final Class<T> value;
    private final Map<String, YamlKey> keys = new LinkedHashMap<>();

    /**
     * Makes the shape of a value.
     *
     * @param value the value's interface
     * @param key makes the key of an attribute
     */
    YamlShape(Class<T> value, BiFunction<Class<?>, Attribute, YamlKey> key) {
        this.value = value;
        Attribute.of(value).forEach(attribute -> keys.put(attribute.key(), key.apply(value, attribute)));
    }

    List<String> keys() {
        return List.copyOf(keys.keySet());
    }

    @Override
    public Optional<T> read(YamlValue yaml) {
        Optional<Map<String, YamlValue>> entries = yaml.entries("a mapping with " + String.join(", ", keys()));
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        Object builder = Attribute.builderOf(value);
        boolean complete = true;
        for (Map.Entry<String, YamlKey> entry : keys.entrySet()) {
            YamlValue item = entries.get().get(entry.getKey());
            if (item != null) {
                complete &= entry.getValue().read(item, builder);
            } else if (entry.getValue().required()) {
                yaml.problem(
                        "key-missing", "the key \"" + entry.getKey() + "\" is missing", "Add " + entry.getKey() + ".");
                complete = false;
            }
        }
        entries.get().forEach((name, item) -> {
            if (!keys.containsKey(name)) {
                unknown(name, item);
            }
        });
        return complete ? Optional.of(Attribute.build(builder, value)) : Optional.empty();
    }

    @Override
    public Map<String, Object> write(T whole) {
        Map<String, Object> result = new LinkedHashMap<>();
        keys.forEach((name, key) -> key.attribute()
                .of(whole)
                .filter(it -> key.required()
                        || !key.type().isDefault(it, () -> key.attribute().of(defaults(whole))))
                .ifPresent(it -> result.put(name, key.type().write(it))));
        return result;
    }

    @Override
    public Map<String, Object> whole(T whole) {
        Map<String, Object> result = new LinkedHashMap<>();
        keys.forEach((name, key) -> key.attribute()
                .of(whole)
                .ifPresent(it -> result.put(name, key.type().whole(it))));
        return result;
    }

    /** A part that is as it is by default is so whatever stands beside it. */
    @Override
    public boolean isDefault(T part, Supplier<Optional<T>> beside) {
        return part.equals(defaults(part));
    }

    /** Returns a value that differs from the given one in having every default. */
    private T defaults(T whole) {
        Object builder = Attribute.builderOf(value);
        keys.values().stream()
                .map(YamlKey::attribute)
                .filter(Attribute::isMandatory)
                .forEach(attribute -> attribute.of(whole).ifPresent(it -> attribute.give(builder, it)));
        return Attribute.build(builder, value);
    }

    private void unknown(String name, YamlValue item) {
        Optional<String> nearest = Nearest.of(Attribute.key(name), keys.keySet());
        item.problem(
                "key-unknown",
                "unknown key"
                        + nearest.map(key -> "; did you mean \"" + key + "\"?").orElse(""),
                nearest.map(key -> "Write " + key + ", or remove the key.")
                        .orElse("Remove the key; known here are " + String.join(", ", keys()) + "."));
    }
}
