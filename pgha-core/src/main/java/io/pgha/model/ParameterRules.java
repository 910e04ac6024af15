package io.pgha.model;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks PostgreSQL's parameters: those that Patroni or pgha own, and the floors below which Patroni ignores a value. */
final class ParameterRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]{0,62}");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})\\s*(B|kB|MB|GB|TB)?");
    private static final Pattern WHOLE = Pattern.compile("\\s*(-?[0-9]{1,18})\\s*");
    private static final Set<String> SWITCHES = Set.of("track_commit_timestamp", "wal_log_hints");
    private static final Set<String> SWITCH_WORDS = Set.of("on", "off", "true", "false", "yes", "no", "1", "0");
    private static final Set<String> WAL_LEVELS = Set.of("replica", "hot_standby", "logical");
    private static final long LEAST_KEPT = 16;

    private static final Map<String, Integer> FLOORS = Map.of(
            "max_connections", 25,
            "max_locks_per_transaction", 32,
            "max_worker_processes", 2,
            "max_prepared_transactions", 0,
            "max_wal_senders", 3,
            "max_replication_slots", 4,
            "wal_keep_segments", 1);

    private static final String TLS =
            "Remove it: pgha puts the certificates in place; ClusterConfig.pki() says which kind.";
    private static final String STANDBY = "Remove it: Patroni follows the leader by itself.";
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("listen_addresses", "Remove it: PostgreSQL listens on the node's address in the topology."),
            Map.entry("port", "Remove it and set postgres.port."),
            Map.entry("cluster_name", "Remove it: the cluster's name is ClusterConfig.name()."),
            Map.entry("hot_standby", "Remove it: Patroni always has it on."),
            Map.entry("data_directory", "Remove it and set postgres.dataDirectory."),
            Map.entry("config_file", "Remove it: Patroni writes postgresql.conf where it needs it."),
            Map.entry("hba_file", "Remove it and set postgres.pgHba or postgres.clientNetworks."),
            Map.entry("ident_file", "Remove it: Patroni writes pg_ident.conf where it needs it."),
            Map.entry("primary_conninfo", STANDBY),
            Map.entry("primary_slot_name", STANDBY),
            Map.entry("ssl", TLS),
            Map.entry("ssl_cert_file", TLS),
            Map.entry("ssl_key_file", TLS),
            Map.entry("ssl_ca_file", TLS));

    private final ClusterConfig config;
    private final Problems problems;

    ParameterRules(ClusterConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    void check() {
        Map<String, String> seen = new HashMap<>();
        config.postgres().parameters().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String other = seen.putIfAbsent(lower, name);
            if (!NAME.matcher(name).matches()) {
                problems.add(
                        "postgres-parameter-name",
                        "postgres.parameters has " + Texts.quote(name) + ", which cannot be the name of a parameter",
                        "Write a name such as work_mem or pg_stat_statements.max.");
            } else if (other != null) {
                problem("duplicate", name, "is given twice, also as " + other, "Remove one of the two.");
            } else if (!Scalars.valid(value)) {
                problem(
                        "value",
                        name,
                        "is not one line of text, a finite number or true/false",
                        "Give it one such value; a list is one text with commas.");
            } else {
                owned(lower, name);
                range(lower, name, value);
            }
        });
    }

    private void owned(String lower, String name) {
        String remedy = OWNED.get(lower);
        if (remedy == null
                && lower.equals("synchronous_standby_names")
                && config.patroni().synchronousMode() != SynchronousMode.OFF) {
            remedy = "Remove it: with patroni.synchronousMode "
                    + config.patroni().synchronousMode() + " Patroni sets it.";
        }
        if (remedy != null) {
            problem("owned", name, "is not for a configuration to set", remedy);
        }
    }

    private void range(String lower, String name, Object value) {
        Integer floor = FLOORS.get(lower);
        if (floor != null) {
            Optional<Long> number = whole(value);
            if (number.isEmpty() || number.get() < floor) {
                outOfRange(name, value, "a whole number of at least " + floor);
            }
        } else if (lower.equals("wal_keep_size")
                && megabytes(value).filter(size -> size >= LEAST_KEPT).isEmpty()) {
            outOfRange(name, value, "a size of at least 16MB, for example 128MB");
        } else if (lower.equals("wal_level") && !WAL_LEVELS.contains(value)) {
            outOfRange(name, value, "replica or logical");
        } else if (SWITCHES.contains(lower)
                && !SWITCH_WORDS.contains(value.toString().toLowerCase(Locale.ROOT))) {
            outOfRange(name, value, "true or false");
        }
    }

    private void outOfRange(String name, Object value, String wanted) {
        problem(
                "range",
                name,
                "is " + Texts.quote(value.toString())
                        + ", in place of which Patroni would silently use its own default",
                "Set it to " + wanted + ".");
    }

    private void problem(String kind, String name, String message, String remedy) {
        problems.add("postgres-parameter-" + kind, "The PostgreSQL parameter " + name + " " + message, remedy);
    }

    private static Optional<Long> whole(Object value) {
        Matcher matcher = WHOLE.matcher(value.toString());
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }

    private static Optional<Long> megabytes(Object value) {
        Matcher matcher = SIZE.matcher(value.toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "MB" : matcher.group(2);
        return Optional.of(
                switch (unit) {
                    case "B" -> count >> 20;
                    case "kB" -> count >> 10;
                    case "GB" -> count << 10;
                    case "TB" -> count << 20;
                    default -> count;
                });
    }
}
