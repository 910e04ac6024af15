package io.pgha.patroni.internal.settings;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.host.HostFacts;
import io.pgha.model.Node;
import io.pgha.model.parameter.Parameter;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.parameter.ParameterContext;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.spi.PlanContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The parameters of every PostgreSQL server: pgha's own, and the configuration's on top. Stateless; no I/O. */
public final class ServerParameters {
    private static final long MIB = 1024L * 1024;
    private static final long GIB = 1024 * MIB;

    private static final ParameterCatalog CATALOG = ParameterCatalog.lenient();

    /** Those of PostgreSQL 18 with the context "postmaster"; the catalogue has no list of it. */
    private static final Set<String> AT_RESTART_IN_18 = Set.of(
            "autovacuum_worker_slots",
            "io_max_combine_limit",
            "io_max_concurrency",
            "io_method",
            "max_active_replication_origins");

    private ServerParameters() {}

    /**
     * Returns whether PostgreSQL reads a parameter at its start only.
     *
     * @param name the name, in any case
     * @return true for those with the context {@code postmaster} in PostgreSQL 15 to 18
     */
    public static boolean needsRestart(String name) {
        return CATALOG.find(name)
                .map(parameter -> parameter.context() == ParameterContext.POSTMASTER)
                .orElseGet(() -> AT_RESTART_IN_18.contains(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Returns whether a server goes on as before when one value of a parameter is written in place of another.
     *
     * @param name the name, in any case
     * @param before the value that was there
     * @param after the value that comes
     * @return true where PostgreSQL and Patroni take them for the same
     */
    public static boolean alike(String name, JsonNode before, JsonNode after) {
        return isScalar(before) && isScalar(after) && CATALOG.alike(name, before.asText(), after.asText());
    }

    private static boolean isScalar(JsonNode value) {
        return value.isValueNode() && !value.isNull();
    }

    public static Map<String, Object> of(PlanContext context) {
        Map<String, Object> values = new LinkedHashMap<>();
        long memory = context.config().postgresNodes().stream()
                .map((Node node) -> context.facts(node))
                .mapToLong(HostFacts::memoryBytes)
                .min()
                .orElse(GIB);
        values.put("max_connections", PostgresConfig.MAX_CONNECTIONS);
        values.put("shared_buffers", size(Math.min(memory / 4, 8 * GIB)));
        values.put("effective_cache_size", size(memory / 4 * 3));
        values.put("work_mem", "16MB");
        values.put("maintenance_work_mem", "256MB");
        values.put("wal_level", "replica");
        values.put("wal_log_hints", "on");
        values.put("max_wal_senders", 10);
        values.put("max_replication_slots", 10);
        values.put("wal_keep_size", "1GB");
        values.put("max_slot_wal_keep_size", "10GB");
        values.put("min_wal_size", "1GB");
        values.put("max_wal_size", "4GB");
        values.put("checkpoint_timeout", "15min");
        values.put("random_page_cost", 1.1);
        values.put("password_encryption", "scram-sha-256");
        values.put("ssl", "on");
        values.put("ssl_cert_file", PatroniLayout.POSTGRES_CERTIFICATE);
        values.put("ssl_key_file", PatroniLayout.POSTGRES_KEY);
        values.put("ssl_ca_file", PatroniLayout.TRUST);
        values.put("tcp_keepalives_idle", 60);
        values.put("tcp_keepalives_interval", 10);
        values.put("tcp_keepalives_count", 6);
        values.put("logging_collector", "on");
        values.put("log_directory", PatroniLayout.LOGS);
        values.put("log_filename", "postgresql-%a.log");
        values.put("log_file_mode", "0640");
        values.put("log_rotation_age", "1d");
        values.put("log_rotation_size", 0);
        values.put("log_truncate_on_rotation", "on");
        values.put("log_line_prefix", "%m [%p] %q%u@%d ");
        values.put("log_checkpoints", "on");
        values.put("log_lock_waits", "on");
        context.config().postgres().parameters().forEach((name, value) -> values.put(spelt(name), scalar(value)));
        return values;
    }

    /** As the catalogue spells it: Patroni would write another spelling beside pgha's own. */
    private static String spelt(String name) {
        return CATALOG.find(name).map(Parameter::name).orElse(name);
    }

    /** Rounds down coarsely, so that a kernel that reserves a little more memory changes nothing. */
    private static String size(long bytes) {
        long step = bytes < GIB ? 128 * MIB : bytes < 4 * GIB ? 256 * MIB : GIB;
        long rounded = Math.max(128 * MIB, bytes / step * step);
        return rounded % GIB == 0 ? rounded / GIB + "GB" : rounded / MIB + "MB";
    }

    /** PostgreSQL's own words for true and false; Patroni would write Python's. */
    private static Object scalar(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "on" : "off";
        }
        return value instanceof Number ? value : String.valueOf(value);
    }
}
