package io.pgha.model;

import io.pgha.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Tells once which keys a value has, how its builder takes them and how it gives them back; reading and writing both
 * follow it.
 *
 * @param <T> the value's type
 * @param <B> its builder's type
 */
final class YamlShape<T, B> implements YamlType<T> {
    private final Supplier<B> builder;
    private final Function<B, T> build;
    private final UnaryOperator<T> defaults;
    private final Map<String, Key<T, B, ?>> keys = new LinkedHashMap<>();

    /**
     * Creates a shape without keys.
     *
     * @param defaults returns a value that differs from the given one in having every default
     */
    YamlShape(Supplier<B> builder, Function<B, T> build, UnaryOperator<T> defaults) {
        this.builder = builder;
        this.build = build;
        this.defaults = defaults;
    }

    /** Adds a key that must be there, and is always written. */
    <V> YamlShape<T, B> required(String name, YamlType<V> type, Function<T, V> get, BiConsumer<B, V> set) {
        keys.put(name, new Key<>(true, type, value -> true, value -> Optional.of(get.apply(value)), set));
        return this;
    }

    /** Adds a key that is written where it differs from its default. */
    <V> YamlShape<T, B> key(String name, YamlType<V> type, Function<T, V> get, BiConsumer<B, V> set) {
        Predicate<T> changed = value -> !get.apply(value).equals(get.apply(defaults.apply(value)));
        keys.put(name, new Key<>(false, type, changed, value -> Optional.of(get.apply(value)), set));
        return this;
    }

    /** Adds a key that is written where it has a value. */
    <V> YamlShape<T, B> optional(String name, YamlType<V> type, Function<T, Optional<V>> get, BiConsumer<B, V> set) {
        keys.put(name, new Key<>(false, type, value -> true, get, set));
        return this;
    }

    /** Adds a key for a part that is written where it differs from its defaults. */
    <V> YamlShape<T, B> part(String name, YamlShape<V, ?> shape, Function<T, V> get, BiConsumer<B, V> set) {
        Predicate<T> changed = value -> !get.apply(value).equals(shape.defaults.apply(get.apply(value)));
        keys.put(name, new Key<>(false, shape, changed, value -> Optional.of(get.apply(value)), set));
        return this;
    }

    List<String> keys() {
        return List.copyOf(keys.keySet());
    }

    @Override
    public Optional<T> read(YamlValue value) {
        Optional<Map<String, YamlValue>> entries = value.entries("a mapping with " + String.join(", ", keys()));
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        B target = builder.get();
        boolean complete = true;
        for (Map.Entry<String, Key<T, B, ?>> entry : keys.entrySet()) {
            YamlValue item = entries.get().get(entry.getKey());
            boolean required = entry.getValue().required();
            if (item != null) {
                complete &= entry.getValue().read(item, target) || !required;
            } else if (required) {
                value.problem(
                        "key-missing", "the key \"" + entry.getKey() + "\" is missing", "Add " + entry.getKey() + ".");
                complete = false;
            }
        }
        entries.get().forEach((name, item) -> {
            if (!keys.containsKey(name)) {
                unknown(name, item);
            }
        });
        return complete ? Optional.of(build.apply(target)) : Optional.empty();
    }

    @Override
    public Map<String, Object> write(T value) {
        Map<String, Object> result = new LinkedHashMap<>();
        keys.forEach((name, key) -> key.write(value).ifPresent(written -> result.put(name, written)));
        return result;
    }

    @Override
    public Map<String, Object> whole(T value) {
        Map<String, Object> result = new LinkedHashMap<>();
        keys.forEach((name, key) -> key.whole(value).ifPresent(written -> result.put(name, written)));
        return result;
    }

    private void unknown(String name, YamlValue item) {
        String snake = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|-", "_").toLowerCase(Locale.ROOT);
        Optional<String> nearest = Nearest.of(snake, keys.keySet());
        item.problem(
                "key-unknown",
                "unknown key"
                        + nearest.map(key -> "; did you mean \"" + key + "\"?").orElse(""),
                nearest.map(key -> "Write " + key + ", or remove the key.")
                        .orElse("Remove the key; known here are " + String.join(", ", keys()) + "."));
    }

    private record Key<T, B, V>(
            boolean required, YamlType<V> type, Predicate<T> told, Function<T, Optional<V>> get, BiConsumer<B, V> set) {
        boolean read(YamlValue value, B target) {
            Optional<V> read = type.read(value);
            read.ifPresent(it -> set.accept(target, it));
            return read.isPresent();
        }

        Optional<Object> write(T value) {
            return told.test(value) ? get.apply(value).map(type::write) : Optional.empty();
        }

        Optional<Object> whole(T value) {
            return get.apply(value).map(type::whole);
        }
    }
}
