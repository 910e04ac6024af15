package io.pgha.model;

import io.pgha.model.internal.text.DurationText;
import io.pgha.model.internal.text.ParameterList;
import io.pgha.model.internal.text.SizeText;
import io.pgha.model.parameter.Parameter;
import io.pgha.model.parameter.ParameterCatalog;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has the types of the values that a configuration is made of. */
final class YamlTypes {
    static final YamlType<String> TEXT = scalar("text", Optional::of, text -> text);
    static final YamlType<Integer> INTEGER = scalar("a whole number", YamlTypes::integer, number -> number);
    static final YamlType<Long> SIZE = scalar(SizeText.EXPECTED, SizeText::parse, SizeText::of);
    static final YamlType<Duration> DURATION = scalar(DurationText.EXPECTED, DurationText::parse, DurationText::of);
    static final YamlType<LocalTime> TIME =
            scalar("a time of day such as 09:00", parser(LocalTime::parse), LocalTime::toString);
    static final YamlType<LocalDate> DATE =
            scalar("a date such as 2027-01-01", parser(LocalDate::parse), LocalDate::toString);
    static final YamlType<ZoneId> ZONE = scalar("a time zone such as Asia/Tokyo", parser(ZoneId::of), ZoneId::getId);
    private static final YamlType<List<String>> LIST = list(TEXT);
    static final YamlType<Map<String, String>> TEXTS = map(TEXT);
    static final YamlType<Map<String, Object>> SCALARS = map((key, value) -> value.scalar(), value -> value);

    /** Scalars, and lists of texts, which PostgreSQL takes as one text. */
    static final YamlType<Map<String, Object>> PARAMETERS = map(YamlTypes::parameter, value -> value);

    private static final Map<Class<?>, YamlType<?>> SCALAR_TYPES = Map.of(
            String.class, TEXT,
            int.class, INTEGER,
            OptionalInt.class, INTEGER,
            long.class, SIZE,
            Duration.class, DURATION,
            LocalTime.class, TIME,
            LocalDate.class, DATE,
            ZoneId.class, ZONE);

    private YamlTypes() {}

    /**
     * Returns the YAML of a value that is none of the model's own; each long of a configuration is a number of bytes.
     */
    static Optional<YamlType<?>> of(Class<?> value) {
        return value.isEnum() ? Optional.of(word(value)) : Optional.ofNullable(SCALAR_TYPES.get(value));
    }

    static <V> YamlType<V> scalar(String expected, YamlType.Parser<V> parser, Function<V, Object> writer) {
        return new YamlType<>() {
            @Override
            public Optional<V> read(YamlValue value) {
                Optional<String> text = value.text(expected);
                Optional<V> result = text.flatMap(parser::parse);
                return text.isPresent() && result.isEmpty() ? value.wrong(expected) : result;
            }

            @Override
            public Object write(V value) {
                return writer.apply(value);
            }
        };
    }

    /** Reads the constants of an enum in lower case; where it has ON and OFF, also true and false. */
    private static YamlType<Enum<?>> word(Class<?> type) {
        List<Enum<?>> constants = Stream.of(type.getEnumConstants())
                .<Enum<?>>map(Enum.class::cast)
                .toList();
        String expected = constants.stream().map(YamlTypes::word).collect(Collectors.joining(", ", "one of ", ""));
        return scalar(
                expected,
                text -> {
                    String word = synonym(text.toLowerCase(Locale.ROOT).replace('-', '_'));
                    return constants.stream()
                            .filter(constant -> word(constant).equals(word))
                            .findFirst();
                },
                YamlTypes::word);
    }

    static <V> YamlType<List<V>> list(YamlType<V> type) {
        return new YamlType<>() {
            @Override
            public Optional<List<V>> read(YamlValue value) {
                return value.items("a list").map(items -> {
                    List<V> result = new ArrayList<>();
                    items.forEach(item -> type.read(item).ifPresent(result::add));
                    return result;
                });
            }

            @Override
            public Object write(List<V> values) {
                return values.stream().map(type::write).toList();
            }

            @Override
            public Object whole(List<V> values) {
                return values.stream().map(type::whole).toList();
            }
        };
    }

    static <V> YamlType<Map<String, V>> map(YamlType<V> type) {
        return map((key, entry) -> type.read(entry), type::write);
    }

    private static <V> YamlType<Map<String, V>> map(
            BiFunction<String, YamlValue, Optional<V>> reader, Function<V, Object> writer) {
        return new YamlType<>() {
            @Override
            public Optional<Map<String, V>> read(YamlValue value) {
                return value.entries("a mapping of names to values").map(entries -> {
                    Map<String, V> result = new LinkedHashMap<>();
                    entries.forEach((key, entry) -> reader.apply(key, entry).ifPresent(item -> result.put(key, item)));
                    return result;
                });
            }

            @Override
            public Object write(Map<String, V> values) {
                Map<String, Object> result = new LinkedHashMap<>();
                values.forEach((key, value) -> result.put(key, writer.apply(value)));
                return result;
            }
        };
    }

    /** Reads a parameter of PostgreSQL; whether an extension's is a list nobody knows here. */
    private static Optional<Object> parameter(String name, YamlValue value) {
        boolean list =
                ParameterCatalog.lenient().find(name).map(Parameter::takesList).orElse(true);
        return value.isList() && list ? LIST.read(value).map(ParameterList::text) : value.scalar();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String synonym(String word) {
        return switch (word) {
            case "true", "yes" -> "on";
            case "false", "no" -> "off";
            default -> word;
        };
    }

    private static <V> YamlType.Parser<V> parser(Function<String, V> strict) {
        return text -> {
            try {
                return Optional.of(strict.apply(text));
            } catch (DateTimeException e) {
                // The caller reports it with path and line, and says what is expected.
                return Optional.empty();
            }
        };
    }

    private static Optional<Integer> integer(String text) {
        return whole(text).filter(number -> number.intValue() == number).map(Long::intValue);
    }

    private static Optional<Long> whole(String text) {
        if (!text.matches("-?[0-9]{1,19}")) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? Optional.of(number.longValue()) : Optional.empty();
    }
}
