package io.pgha.patroni;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with PostgreSQL's parameters in the dynamic configuration. Stateless. */
final class ParameterChecks {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]{0,62}");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|kB|MB|GB|TB)?");

    /** Below these Patroni silently takes its own default. */
    private static final Map<String, Integer> FLOORS = Map.of(
            "max_connections", 25,
            "max_locks_per_transaction", 32,
            "max_worker_processes", 2,
            "max_prepared_transactions", 0,
            "max_wal_senders", 3,
            "max_replication_slots", 4,
            "wal_keep_segments", 1);

    private static final Map<String, String> OWNED = Map.of(
            "listen_addresses", "Set postgresql.listen in each member's patroni.yaml.",
            "port", "Set postgresql.listen in each member's patroni.yaml.",
            "cluster_name", "Leave it out: Patroni uses its scope.",
            "hba_file", "Set postgresql.pg_hba.",
            "ident_file", "Set postgresql.pg_ident.",
            "data_directory", "Set postgresql.data_dir in each member's patroni.yaml.",
            "config_file", "Leave it out: Patroni writes postgresql.conf where it needs it.");

    private static final Set<String> WAL_LEVELS = Set.of("hot_standby", "replica", "logical");

    private ParameterChecks() {}

    static List<Problem> check(JsonNode parameters, Predicate<String> touched, Optional<PatroniVersion> version) {
        List<Problem> problems = new ArrayList<>();
        if (!parameters.isObject()) {
            problems.add(Problem.of(
                    "patroni.config.type",
                    "postgresql.parameters is " + ConfigRules.shown(parameters)
                            + ", not an object: the whole change would be ignored",
                    "Give names with values."));
            return problems;
        }
        parameters.properties().forEach(entry -> {
            if (touched.test(entry.getKey())) {
                one(problems, entry.getKey(), entry.getValue(), version);
            }
        });
        return problems;
    }

    private static void one(List<Problem> problems, String name, JsonNode value, Optional<PatroniVersion> version) {
        String lower = name.toLowerCase(Locale.ROOT);
        String shown = ConfigRules.shown(value);
        if (!NAME.matcher(name).matches()) {
            problems.add(problem("name", "\"" + name + "\" cannot be the name of a parameter", "Correct the name."));
        } else if (!value.isValueNode()
                || value.isNull()
                || value.asText().lines().count() > 1) {
            problems.add(problem(
                    "value",
                    name + " is " + shown + ", not one line of text, a number or true or false",
                    "Give one such value."));
        } else if (OWNED.containsKey(lower)) {
            problems.add(problem(
                    "owned",
                    name + " is ignored in the dynamic configuration",
                    OWNED.getOrDefault(lower, "Leave it out.")));
        } else if (FLOORS.containsKey(lower)) {
            int floor = FLOORS.getOrDefault(lower, 0);
            if (!value.asText().strip().matches("\\d{1,9}")
                    || Long.parseLong(value.asText().strip()) < floor) {
                problems.add(range(name, shown, "a whole number of at least " + floor));
            }
        } else {
            word(problems, lower, value, version);
        }
    }

    private static void word(List<Problem> problems, String name, JsonNode value, Optional<PatroniVersion> version) {
        String shown = ConfigRules.shown(value);
        Optional<Boolean> flag = DynamicConfig.Switch.of(value);
        if (name.equals("wal_level") && !WAL_LEVELS.contains(value.asText().toLowerCase(Locale.ROOT))) {
            problems.add(range(name, shown, "replica or logical"));
        } else if (name.equals("wal_keep_size") && megabytes(value.asText()) < 16) {
            problems.add(range(name, shown, "a size of at least 16MB, for example 128MB"));
        } else if (name.equals("track_commit_timestamp") && flag.isEmpty()) {
            problems.add(range(name, shown, "on or off"));
        } else if (name.equals("hot_standby") && !flag.orElse(false)) {
            problems.add(range(name, shown, "on, or leave it out"));
        } else if (name.equals("wal_log_hints")) {
            boolean settable =
                    version.filter(known -> !known.has(Feature.PRIMARY_ROLE)).isEmpty();
            if (flag.isEmpty()) {
                problems.add(range(name, shown, "on or off"));
            } else if (!flag.get() && !settable) {
                problems.add(problem(
                        "range",
                        name + " is " + shown + ", and Patroni before 4.0 keeps it on",
                        "Leave it out, or upgrade Patroni."));
            }
        }
    }

    private static long megabytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return -1;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (Optional.ofNullable(matcher.group(2)).orElse("MB")) {
            case "B" -> number / 1024 / 1024;
            case "kB" -> number / 1024;
            case "GB" -> number * 1024;
            case "TB" -> number * 1024 * 1024;
            default -> number;
        };
    }

    private static Problem range(String name, String shown, String wanted) {
        return problem(
                "range",
                name + " is " + shown + ", in place of which Patroni would silently use its own default",
                "Set it to " + wanted + ".");
    }

    private static Problem problem(String kind, String message, String remedy) {
        return Problem.of("patroni.config.parameter-" + kind, Text.printable(message), remedy);
    }
}
