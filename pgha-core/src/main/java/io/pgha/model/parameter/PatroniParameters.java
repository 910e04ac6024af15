package io.pgha.model.parameter;

import io.pgha.text.WrittenSecrets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Judges parameters in Patroni's dynamic configuration: what PostgreSQL takes ({@link ParameterCatalog}), less what
 * Patroni would replace by a default of its own. Immutable and thread-safe.
 */
public final class PatroniParameters {
    /**
     * What guc-file.l reads as a name, in ASCII: one identifier, or two with a dot between them, and no $ in either.
     */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,63}$)[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private static final Pattern WHOLE = Pattern.compile("\\s*[-+]?[0-9]{1,10}\\s*");

    /** Below these Patroni takes its own default; it reads them without a unit. */
    private static final Map<String, Integer> FLOORS = Map.of(
            "max_connections", 25,
            "max_locks_per_transaction", 32,
            "max_worker_processes", 2,
            "max_prepared_transactions", 0,
            "max_wal_senders", 3,
            "max_replication_slots", 4,
            "wal_keep_segments", 1);

    private static final Set<String> WAL_LEVELS = Set.of("replica", "hot_standby", "logical");
    private static final Quantity MEGABYTES = Quantity.in(Optional.of("MB"));
    private static final int LEAST_KEPT = 16;
    private static final int SHOWN = 80;

    private final ParameterCatalog catalog;

    /**
     * Creates a judge.
     *
     * @param catalog the parameters of the servers that the configuration is for
     */
    public PatroniParameters(ParameterCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Something that speaks against a parameter.
     *
     * @param kind {@code name}, {@code unknown}, {@code range}, or {@code value} where it is of another type
     * @param reason what is wrong, to stand behind the parameter's name
     * @param remedy what to do
     */
    public record Finding(String kind, String reason, String remedy) {}

    /**
     * Looks at one parameter.
     *
     * @param name its name, in any case
     * @param value its value as it is written
     * @return what is wrong with it; empty where PostgreSQL and Patroni take it as it is
     */
    public Optional<Finding> check(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            return Optional.of(
                    new Finding(
                            "name",
                            "cannot be the name of a parameter in postgresql.conf",
                            "Write a name such as work_mem, or with one dot such as pg_stat_statements.max: letters, digits and _."));
        }
        Optional<String> replaced = replaced(lower, value);
        if (replaced.isPresent()) {
            return replaced.map(wanted -> new Finding(
                    "range",
                    "is " + quoted(name, value) + ", in place of which Patroni would silently use its own default",
                    "Set it to " + wanted + "."));
        }
        if (lower.equals("wal_keep_segments")) {
            return Optional.empty(); // Patroni makes wal_keep_size of it
        }
        return catalog.problem(name, value)
                .map(reason -> catalog.find(name).isEmpty()
                        ? new Finding("unknown", reason, "Correct the name, or leave it out.")
                        : new Finding(
                                "range",
                                "is " + quoted(name, value) + ": " + reason,
                                "Correct the value, or leave the parameter out."));
    }

    /**
     * Looks at one parameter that is given as a native boolean: it is written as {@code on} or {@code off}, which a
     * text would then be.
     *
     * @param name its name, in any case
     * @param value its value
     * @return what is wrong with it; empty where PostgreSQL and Patroni take it as it is
     */
    public Optional<Finding> check(String name, boolean value) {
        return catalog.find(name)
                        .filter(known -> known.kind() == ParameterKind.STRING)
                        .isPresent()
                ? Optional.of(new Finding(
                        "value",
                        "is " + value + " without quotes, and PostgreSQL wants a text",
                        "Write the text that is meant, in quotes where it is \"" + value + "\"."))
                : check(name, String.valueOf(value));
    }

    private static String quoted(String name, String text) {
        String value = WrittenSecrets.coveredIn(name, text);
        return value.codePoints()
                .limit(SHOWN)
                .collect(() -> new StringBuilder("\""), StringBuilder::appendCodePoint, StringBuilder::append)
                .append(value.codePointCount(0, value.length()) > SHOWN ? "…\"" : "\"")
                .toString();
    }

    /** Returns what Patroni wants to see, where it would replace the value. */
    private static Optional<String> replaced(String lower, String value) {
        Integer floor = FLOORS.get(lower);
        if (floor != null) {
            boolean fine = WHOLE.matcher(value).matches() && Long.parseLong(value.strip()) >= floor;
            return fine ? Optional.empty() : Optional.of("a whole number of at least " + floor);
        }
        return switch (lower) {
            case "wal_keep_size" ->
                MEGABYTES.whole(value).filter(size -> size >= LEAST_KEPT).isPresent()
                        ? Optional.empty()
                        : Optional.of("a size of at least 16MB, for example 128MB");
            case "wal_level" ->
                WAL_LEVELS.contains(value.toLowerCase(Locale.ROOT))
                        ? Optional.empty()
                        : Optional.of("replica or logical");
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return "parameters as Patroni takes them, by the " + catalog;
    }
}
