package io.pgha.model.parameter;

import io.pgha.Given;
import io.pgha.text.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of PostgreSQL: their kinds, units, ranges and words, from {@code pg_settings} of the servers that
 * Debian ships (15 and 17).
 *
 * <p>A major version without a list of its own is judged leniently by its neighbours, see {@link #of}. Immutable and
 * thread-safe; the lists are read once from the class path.
 */
public final class ParameterCatalog {
    private static final List<Integer> MAJORS = List.of(15, 17);
    private static final NavigableMap<Integer, Map<String, Parameter>> LISTS = lists();
    private static final int FIELDS = 4;

    /** The newest first. */
    private final List<Map<String, Parameter>> lists;

    private final Knowledge knowledge;

    /** Names how much the lists say of the servers that are meant. */
    private enum Knowledge {
        /** They are those of the servers: what none of them has is none. */
        ALL,
        /** There are an older and a newer one: other parameters may have come and gone. */
        BETWEEN,
        /** All may be older or newer than the server: a parameter may take other words there, or a list of them. */
        BEYOND
    }

    private ParameterCatalog(List<Map<String, Parameter>> lists, Knowledge knowledge) {
        this.lists = List.copyOf(lists);
        this.knowledge = knowledge;
    }

    /**
     * Returns the parameters of a major version. One without a list takes what the nearest older or the nearest newer
     * list takes, and lets names through that neither knows. Before the oldest and after the newest list, words are let
     * through, too, where a boolean or one of some words is known: {@code log_connections} takes {@code receipt} since
     * PostgreSQL 18.
     *
     * @param major for example 17
     * @return the catalogue
     */
    public static ParameterCatalog of(int major) {
        Map<String, Parameter> own = LISTS.get(major);
        if (own != null) {
            return new ParameterCatalog(List.of(own), Knowledge.ALL);
        }
        List<Map<String, Parameter>> neighbours = new ArrayList<>();
        Optional.ofNullable(LISTS.higherEntry(major)).ifPresent(entry -> neighbours.add(entry.getValue()));
        Optional.ofNullable(LISTS.lowerEntry(major)).ifPresent(entry -> neighbours.add(entry.getValue()));
        return new ParameterCatalog(neighbours, neighbours.size() > 1 ? Knowledge.BETWEEN : Knowledge.BEYOND);
    }

    /**
     * Returns the parameters of a server whose version is not known yet: what any of the lists takes. A name that none
     * of them knows is a problem.
     *
     * @return the catalogue
     */
    public static ParameterCatalog ofAny() {
        return new ParameterCatalog(List.copyOf(LISTS.descendingMap().values()), Knowledge.ALL);
    }

    /**
     * Returns the parameters of a server of which nothing is known: what any of the lists takes; names that none of
     * them knows are let through, and new words, see {@link #of}.
     *
     * @return the catalogue
     */
    public static ParameterCatalog lenient() {
        return new ParameterCatalog(List.copyOf(LISTS.descendingMap().values()), Knowledge.BEYOND);
    }

    /**
     * Finds a parameter.
     *
     * @param name its name, in any case as PostgreSQL and Patroni take it
     * @return the parameter, of the newest list that has it
     */
    public Optional<Parameter> find(String name) {
        return all(name).stream().findFirst();
    }

    /**
     * Tells what speaks against a parameter in a configuration file. Parameters of extensions
     * ({@code pg_stat_statements.max}) are let through.
     *
     * @param name its name, in any case
     * @param value its value as it is written
     * @return the reason in words, see {@link Parameter#problem}, or for an unknown name "is none that PostgreSQL has";
     *     empty where nothing is known against it
     */
    public Optional<String> problem(String name, String value) {
        List<Parameter> found = all(name);
        if (found.isEmpty()) {
            return knowledge == Knowledge.ALL && name.indexOf('.') < 0 ? Optional.of(unknown(name)) : Optional.empty();
        }
        return found.stream().anyMatch(parameter -> problem(parameter, value).isEmpty())
                ? Optional.empty()
                : found.get(0).problem(value);
    }

    private Optional<String> problem(Parameter parameter, String value) {
        return parameter
                .problem(value)
                .filter(reason -> knowledge != Knowledge.BEYOND || !parameter.mayTakeElsewhere(value));
    }

    /**
     * Tells whether a server goes on as before when one value of a parameter is written in place of another, see
     * {@link Parameter#alike}.
     *
     * @param name the parameter's name, in any case
     * @param before the value as it was written
     * @param after the value as it is written now
     * @return true where all lists that have the parameter say so; of one that none has, only the same text is alike
     */
    public boolean alike(String name, String before, String after) {
        Given.value(name, "name");
        Given.value(before, "before");
        Given.value(after, "after");
        List<Parameter> found = all(name);
        return before.equals(after)
                || (!found.isEmpty() && found.stream().allMatch(parameter -> parameter.alike(before, after)));
    }

    private List<Parameter> all(String name) {
        String lower = lower(name);
        return lists.stream()
                .flatMap(list -> Optional.ofNullable(list.get(lower)).stream())
                .toList();
    }

    private String unknown(String name) {
        return "is none that PostgreSQL has"
                + lists.stream()
                        .flatMap(list -> Nearest.of(lower(name), list.keySet()).stream())
                        .findFirst()
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private static NavigableMap<Integer, Map<String, Parameter>> lists() {
        NavigableMap<Integer, Map<String, Parameter>> lists = new TreeMap<>();
        MAJORS.forEach(major -> lists.put(major, read(major)));
        return lists;
    }

    private static Map<String, Parameter> read(int major) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        try (InputStream stream = ParameterCatalog.class.getResourceAsStream(major + ".txt")) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks the parameters of PostgreSQL " + major);
            }
            new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                Parameter parameter = parse(line);
                parameters.put(lower(parameter.name()), parameter);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the parameters of PostgreSQL " + major, e);
        }
        return parameters;
    }

    /**
     * Reads a line: name, context, kind; then, unless it is internal, least, most and perhaps unit, or words with |
     * between.
     */
    private static Parameter parse(String line) {
        String[] fields = line.split(" ", FIELDS);
        ParameterContext context = ParameterContext.valueOf(constant(fields[1]));
        ParameterKind kind = ParameterKind.valueOf(constant(fields[2]));
        String rest = fields.length < FIELDS ? "" : fields[FIELDS - 1];
        boolean number = kind == ParameterKind.INTEGER || kind == ParameterKind.REAL;
        String[] range = number && !rest.isEmpty() ? rest.split(" ") : new String[] {"0", "0"};
        return new Parameter(
                fields[0],
                kind,
                context,
                range.length > 2 ? Optional.of(range[2]) : Optional.empty(),
                Double.parseDouble(range[0]),
                Double.parseDouble(range[1]),
                kind == ParameterKind.ENUM ? List.of(rest.split("\\|", -1)) : List.of());
    }

    private static String constant(String word) {
        return word.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "catalogue of " + lists.get(0).size() + " parameters";
    }
}
