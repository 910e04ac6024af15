package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys that Patroni reads in its dynamic configuration, level by level; it ignores all others silently. Stateless.
 */
final class DynamicSchema {
    /** Whole numbers at the top with their least value; the numbers are Patroni's. */
    static final Map<String, Long> NUMBERS = Map.ofEntries(
            Map.entry("ttl", 20L),
            Map.entry("loop_wait", 1L),
            Map.entry("retry_timeout", 3L),
            Map.entry("maximum_lag_on_failover", 0L),
            Map.entry("maximum_lag_on_syncnode", -1L),
            Map.entry("max_timelines_history", 0L),
            Map.entry("primary_start_timeout", 0L),
            Map.entry("master_start_timeout", 0L),
            Map.entry("primary_stop_timeout", 0L),
            Map.entry("master_stop_timeout", 0L),
            Map.entry("primary_race_backoff", 0L),
            Map.entry("synchronous_node_count", 1L));

    /** Booleans at the top. */
    static final Set<String> SWITCHES = Set.of("check_timeline", "synchronous_mode_strict", "failsafe_mode", "pause");

    /** Booleans below postgresql. */
    static final Set<String> POSTGRESQL_SWITCHES = Set.of(
            "use_slots",
            "use_pg_rewind",
            "remove_data_directory_on_rewind_failure",
            "remove_data_directory_on_diverged_timelines");

    /** Keys of postgresql that count in a member's own file only. */
    static final Set<String> LOCAL_ONLY =
            Set.of("connect_address", "proxy_address", "listen", "config_dir", "data_dir", "pgpass", "authentication");

    private static final Set<String> TOP = Set.of(
            "synchronous_mode",
            "member_slots_ttl",
            "standby_cluster",
            "slots",
            "permanent_slots",
            "permanent_replication_slots",
            "ignore_slots",
            "postgresql");
    /** Keys of postgresql that count for a member while it has a role. */
    private static final Set<String> FOR_ONE_ROLE = Set.of(
            "parameters_primary",
            "parameters_replica",
            "parameters_standby_leader",
            "pg_hba_primary",
            "pg_hba_replica",
            "pg_hba_standby_leader",
            "pg_ident_primary",
            "pg_ident_replica",
            "pg_ident_standby_leader");

    private static final Set<String> POSTGRESQL = Set.of(
            "parameters",
            "pg_hba",
            "pg_ident",
            "recovery_conf",
            "pg_ctl_timeout",
            "create_replica_methods",
            "create_replica_method",
            "basebackup",
            "rewind",
            "callbacks",
            "custom_conf",
            "config_base_name",
            "bin_dir",
            "bin_name",
            "database",
            "krbsrvname",
            "use_unix_socket",
            "use_unix_socket_repl",
            "pre_promote",
            "before_stop");
    private static final Set<String> STANDBY_CLUSTER = Set.of(
            "host",
            "port",
            "primary_slot_name",
            "create_replica_methods",
            "restore_command",
            "archive_cleanup_command",
            "recovery_min_apply_delay");
    private static final String PARAMETERS = "postgresql.parameters.";
    private static final ParameterCatalog KNOWN = ParameterCatalog.ofAny();

    private DynamicSchema() {}

    /** Tells whether Patroni reads a key at the top. */
    static boolean atTop(String key) {
        return NUMBERS.containsKey(key) || SWITCHES.contains(key) || TOP.contains(key);
    }

    /**
     * Tells whether Patroni reads a key below postgresql; a way to make replicas has a section of a name of its own.
     */
    static boolean inPostgresql(String key, JsonNode postgresql) {
        JsonNode value = postgresql.path(key);
        boolean method = value.has("command")
                || Stream.of("create_replica_methods", "create_replica_method")
                        .anyMatch(list -> texts(postgresql.path(list)).contains(key));
        return POSTGRESQL.contains(key)
                || FOR_ONE_ROLE.contains(key)
                || POSTGRESQL_SWITCHES.contains(key)
                || LOCAL_ONLY.contains(key)
                || method;
    }

    /** Tells whether a key below postgresql counts for a member while it has a role. */
    static boolean forOneRole(String key) {
        return FOR_ONE_ROLE.contains(key);
    }

    /** Tells whether Patroni reads a key below standby_cluster. */
    static boolean inStandbyCluster(String key) {
        return STANDBY_CLUSTER.contains(key);
    }

    /** Returns the path of what was probably meant by a key that Patroni does not read where it stands. */
    static Optional<String> meant(String key, String parent) {
        String lower = key.toLowerCase(Locale.ROOT).replace('-', '_');
        Optional<String> here = parent.equals("standby_cluster")
                ? Nearest.of(lower, STANDBY_CLUSTER).map(near -> parent + "." + near)
                : Optional.empty();
        return here.or(() -> place(lower))
                .or(() -> parent.isEmpty() ? nearestTop(lower) : nearestInPostgresql(lower))
                .or(() -> parent.isEmpty() ? nearestInPostgresql(lower) : nearestTop(lower));
    }

    /** Returns the path of a name among the parameters that Patroni knows as a key of a level above. */
    static Optional<String> placeAbove(String name) {
        return place(name).filter(path -> !path.startsWith(PARAMETERS));
    }

    private static Optional<String> place(String key) {
        if (atTop(key)) {
            return Optional.of(key);
        }
        if (POSTGRESQL.contains(key) || POSTGRESQL_SWITCHES.contains(key)) {
            return Optional.of("postgresql." + key);
        }
        return KNOWN.find(key).map(parameter -> PARAMETERS + parameter.name());
    }

    private static Optional<String> nearestTop(String key) {
        List<String> keys = new ArrayList<>(TOP);
        keys.addAll(NUMBERS.keySet());
        keys.addAll(SWITCHES);
        return Nearest.of(key, keys);
    }

    private static Optional<String> nearestInPostgresql(String key) {
        List<String> keys = new ArrayList<>(POSTGRESQL);
        keys.addAll(POSTGRESQL_SWITCHES);
        return Nearest.of(key, keys).map(near -> "postgresql." + near);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
