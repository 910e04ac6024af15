package io.pgha.model.parameter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parameters that PostgreSQL takes one by one, and with which together, or in a database with WAL segments of 16 MB as
 * pgha makes it, it does not start. Immutable.
 *
 * @param names the parameters, in small letters
 * @param reason what is wrong, as a sentence without a full stop
 * @param remedy what to do
 */
public record ParameterClash(Set<String> names, String reason, String remedy) {
    private static final Quantity COUNT = Quantity.in(Optional.empty());
    private static final Quantity MEGABYTES = Quantity.in(Optional.of("MB"));
    private static final int TWO_SEGMENTS = 32;
    private static final List<String> PROTOCOLS = List.of("tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3");
    private static final int FIRST_WITH_TLS_1_2 = 13;

    /** PostgreSQL's MAX_BACKENDS, and what it adds up, with the defaults of all versions. */
    private static final int MOST_BACKENDS = 262143;

    private static final Map<String, String> BACKENDS = new TreeMap<>(Map.of(
            "max_connections", "100",
            "autovacuum_max_workers", "3",
            "max_worker_processes", "8",
            "max_wal_senders", "10"));

    private static final String STATEMENT = "log_statement_stats";
    private static final List<String> PARTS = List.of("log_parser_stats", "log_planner_stats", "log_executor_stats");

    /**
     * Creates a clash.
     *
     * @param names the parameters, in small letters
     * @param reason what is wrong
     * @param remedy what to do
     */
    public ParameterClash {
        names = Set.copyOf(names);
    }

    /**
     * Looks for clashes. Values that cannot be read are left to {@link ParameterCatalog}.
     *
     * @param values values as they are written, by name in any case; for those that are missing PostgreSQL's defaults
     *     count, and for {@code max_connections} none
     * @param major PostgreSQL's major version, where it is known
     * @return what stands in the way of a start; empty where nothing does
     */
    public static List<ParameterClash> in(Map<String, String> values, OptionalInt major) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(values);
        List<ParameterClash> found = new ArrayList<>();
        reserved(all).ifPresent(found::add);
        for (String name : List.of("min_wal_size", "max_wal_size")) {
            Optional.ofNullable(all.get(name))
                    .filter(value -> MEGABYTES
                            .whole(value)
                            .filter(size -> size < TWO_SEGMENTS)
                            .isPresent())
                    .ifPresent(value -> found.add(new ParameterClash(
                            Set.of(name),
                            "PostgreSQL would not start with " + name + " of " + value
                                    + ": it must be at least two WAL segments, 32MB",
                            "Set " + name + " to 32MB or more, or leave it out.")));
        }
        keeps(all).ifPresent(found::add);
        protocols(all, major.orElse(FIRST_WITH_TLS_1_2)).ifPresent(found::add);
        backends(all).ifPresent(found::add);
        statistics(all).ifPresent(found::add);
        return List.copyOf(found);
    }

    private static Optional<ParameterClash> reserved(Map<String, String> all) {
        Optional<Double> most = COUNT.whole(all.getOrDefault("max_connections", ""));
        Optional<Double> superusers = COUNT.whole(all.getOrDefault("superuser_reserved_connections", "3"));
        Optional<Double> others = COUNT.whole(all.getOrDefault("reserved_connections", "0"));
        if (most.isEmpty()
                || superusers.isEmpty()
                || others.isEmpty()
                || superusers.get() + others.get() < most.get()) {
            return Optional.empty();
        }
        return Optional.of(new ParameterClash(
                Set.of("max_connections", "superuser_reserved_connections", "reserved_connections"),
                "PostgreSQL would not start: superuser_reserved_connections (" + Math.round(superusers.get())
                        + ") and reserved_connections (" + Math.round(others.get())
                        + ") leave none of max_connections (" + Math.round(most.get()) + ")",
                "Reserve fewer connections, or raise max_connections."));
    }

    private static Optional<ParameterClash> backends(Map<String, String> all) {
        double sum = 1;
        for (Map.Entry<String, String> each : BACKENDS.entrySet()) {
            Optional<Double> count = COUNT.whole(all.getOrDefault(each.getKey(), each.getValue()));
            if (count.isEmpty()) {
                return Optional.empty();
            }
            sum += count.get();
        }
        return sum <= MOST_BACKENDS
                ? Optional.empty()
                : Optional.of(new ParameterClash(
                        BACKENDS.keySet(),
                        "PostgreSQL would not start: " + String.join(", ", BACKENDS.keySet()) + " come to more than "
                                + (MOST_BACKENDS - 1) + " processes together",
                        "Lower one of them."));
    }

    private static Optional<ParameterClash> statistics(Map<String, String> all) {
        List<String> parts = PARTS.stream().filter(name -> on(all, name)).toList();
        return !on(all, STATEMENT) || parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new ParameterClash(
                        Stream.concat(Stream.of(STATEMENT), PARTS.stream()).collect(Collectors.toSet()),
                        "PostgreSQL would not start: " + STATEMENT + " is on, and so is " + String.join(", ", parts),
                        "Turn " + STATEMENT + " off, or the others."));
    }

    private static boolean on(Map<String, String> all, String name) {
        return Parameter.flag(all.getOrDefault(name, "off")).orElse(false);
    }

    private static Optional<ParameterClash> keeps(Map<String, String> all) {
        Set<String> both = Set.of("wal_keep_size", "wal_keep_segments");
        return all.keySet().containsAll(both)
                ? Optional.of(new ParameterClash(
                        both,
                        "wal_keep_segments is the old name of what wal_keep_size is since PostgreSQL 13; of the two Patroni"
                                + " ignores the one that PostgreSQL does not have",
                        "Keep wal_keep_size alone."))
                : Optional.empty();
    }

    private static Optional<ParameterClash> protocols(Map<String, String> all, int major) {
        String least = all.getOrDefault("ssl_min_protocol_version", major < FIRST_WITH_TLS_1_2 ? "TLSv1" : "TLSv1.2");
        String most = all.getOrDefault("ssl_max_protocol_version", "");
        int limit = PROTOCOLS.indexOf(most.toLowerCase(Locale.ROOT));
        return limit >= 0 && PROTOCOLS.indexOf(least.toLowerCase(Locale.ROOT)) > limit
                ? Optional.of(new ParameterClash(
                        Set.of("ssl_min_protocol_version", "ssl_max_protocol_version"),
                        "PostgreSQL would not start: ssl_min_protocol_version (" + least
                                + ") is above ssl_max_protocol_version (" + most + ")",
                        "Set ssl_max_protocol_version to " + least + " or above, or leave it out."))
                : Optional.empty();
    }
}
