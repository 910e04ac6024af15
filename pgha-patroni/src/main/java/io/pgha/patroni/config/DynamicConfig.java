package io.pgha.patroni.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Given;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.text.ConfigPath;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.CoveredConfig;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.Switch;
import io.pgha.patroni.internal.text.SynchronousText;
import io.pgha.text.Count;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Patroni's dynamic configuration, the one that {@code patronictl show-config} prints. Immutable and thread-safe.
 *
 * <p>Where a key is absent, or has a value that Patroni cannot read, an accessor returns Patroni's own default.
 * {@link #raw()} has everything as it is stored. {@code toString} is a line of summary and then the YAML without its
 * secrets.
 */
public final class DynamicConfig {
    private static final int TTL = 30;
    private static final int LOOP_WAIT = 10;
    private static final int RETRY_TIMEOUT = 10;
    private static final int MAXIMUM_LAG = 1048576;

    private final ObjectNode tree;

    private DynamicConfig(ObjectNode tree) {
        this.tree = tree;
    }

    /**
     * Returns the configuration that a map describes, as {@link #raw()} returns it. Does no I/O.
     *
     * @param raw strings, numbers, booleans, lists and maps with strings as keys
     * @return the configuration
     */
    public static DynamicConfig of(Map<String, ? extends @Nullable Object> raw) {
        return new DynamicConfig(ConfigText.tree(Given.value(raw, "raw")));
    }

    /**
     * Reads a configuration from YAML or JSON, for example one that {@code patronictl show-config} printed. Does no
     * I/O.
     *
     * @param text the text
     * @return the configuration
     * @throws io.pgha.model.InvalidConfigException when it is not a mapping in YAML or JSON
     */
    public static DynamicConfig parse(String text) {
        Given.value(text, "text");
        return new DynamicConfig(ConfigText.read(text));
    }

    /**
     * Returns how long the leader's key lives without being renewed.
     *
     * @return {@code ttl}; Patroni's default is 30 s
     */
    public Duration ttl() {
        return seconds("ttl", TTL);
    }

    /**
     * Returns the pause between two rounds of Patroni.
     *
     * @return {@code loop_wait}; Patroni's default is 10 s
     */
    public Duration loopWait() {
        return seconds("loop_wait", LOOP_WAIT);
    }

    /**
     * Returns how long Patroni retries etcd and PostgreSQL.
     *
     * @return {@code retry_timeout}; Patroni's default is 10 s
     */
    public Duration retryTimeout() {
        return seconds("retry_timeout", RETRY_TIMEOUT);
    }

    /**
     * Returns how far behind a replica may be and still become leader by itself.
     *
     * @return {@code maximum_lag_on_failover} in bytes; Patroni's default is 1 MiB
     */
    public long maximumLagOnFailover() {
        return tree.path("maximum_lag_on_failover").asLong(MAXIMUM_LAG);
    }

    /**
     * Returns whether commits wait for replicas.
     *
     * @return {@code synchronous_mode}; Patroni's default is {@link SynchronousMode#OFF}
     */
    public SynchronousMode synchronousMode() {
        return SynchronousText.read(tree.path("synchronous_mode")).orElse(SynchronousMode.OFF);
    }

    /**
     * Returns whether writes wait for ever where no replica is left to be synchronous.
     *
     * @return {@code synchronous_mode_strict}; Patroni's default is false
     */
    public boolean synchronousModeStrict() {
        return flag("synchronous_mode_strict");
    }

    /**
     * Returns how many replicas commits wait for in the synchronous modes.
     *
     * @return {@code synchronous_node_count}; Patroni's default is 1
     */
    public int synchronousNodeCount() {
        return tree.path("synchronous_node_count").asInt(1);
    }

    /**
     * Returns whether the primary keeps running while etcd is away and all members can be reached.
     *
     * @return {@code failsafe_mode}; Patroni's default is false
     */
    public boolean failsafeMode() {
        return flag("failsafe_mode");
    }

    /**
     * Returns whether Patroni is in maintenance mode.
     *
     * @return {@code pause}
     */
    public boolean paused() {
        return flag("pause");
    }

    /**
     * Returns whether the cluster follows another one.
     *
     * @return true where {@code standby_cluster} names a host, a port or a restore command
     */
    public boolean standbyCluster() {
        JsonNode standby = tree.path("standby_cluster");
        return standby.isObject()
                && List.of("host", "port", "restore_command").stream()
                        .anyMatch(key -> !standby.path(key).asText().isEmpty());
    }

    /**
     * Returns PostgreSQL's parameters.
     *
     * @return values as text by name, from {@code postgresql.parameters}
     */
    public Map<String, String> parameters() {
        return Collections.unmodifiableMap(Json.texts(tree.path("postgresql").path("parameters")));
    }

    /**
     * Returns the lines of {@code pg_hba.conf}.
     *
     * @return {@code postgresql.pg_hba} in order; empty where it is not set here
     */
    public List<String> pgHba() {
        return texts(tree.path("postgresql").path("pg_hba"));
    }

    /**
     * Returns the lines of {@code pg_ident.conf}.
     *
     * @return {@code postgresql.pg_ident} in order; empty where it is not set here
     */
    public List<String> pgIdent() {
        return texts(tree.path("postgresql").path("pg_ident"));
    }

    /**
     * Returns the replication slots that Patroni keeps through failovers.
     *
     * @return slots by name, from {@code slots} or its two older names
     */
    public Map<String, PermanentSlot> slots() {
        Map<String, PermanentSlot> slots = new LinkedHashMap<>();
        for (String key : List.of("permanent_replication_slots", "permanent_slots", "slots")) {
            if (tree.path(key).isObject()) {
                tree.path(key)
                        .properties()
                        .forEach(entry -> slots.put(
                                entry.getKey(),
                                new PermanentSlot(
                                        Json.text(entry.getValue(), "type").orElse("physical"),
                                        Json.text(entry.getValue(), "database"),
                                        Json.text(entry.getValue(), "plugin"))));
                break; // of the three names Patroni reads the first that is there, in this order
            }
        }
        return Collections.unmodifiableMap(slots);
    }

    /**
     * Returns one value by its path, whatever it is.
     *
     * @param path keys joined by dots, for example {@code postgresql.use_slots}; what follows
     *     {@code postgresql.parameters.} is one key
     * @return the value as text, lists and objects as JSON; empty where there is none
     */
    public Optional<String> value(String path) {
        JsonNode node = tree;
        for (String key : ConfigPath.keys(path)) {
            node = node.path(key);
        }
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        return Optional.of(node.isValueNode() ? node.asText() : node.toString());
    }

    /**
     * Returns all of it, also what this library has no name for.
     *
     * @return maps, lists, texts, numbers, true and false
     */
    public Map<String, @Nullable Object> raw() {
        return Collections.unmodifiableMap(ConfigText.map(tree));
    }

    /**
     * Returns all of it as JSON, in the order in which it is stored.
     *
     * @return JSON in one line
     */
    public String json() {
        return ConfigText.json(tree);
    }

    /**
     * Returns all of it as {@code patronictl show-config} prints it.
     *
     * @return YAML with sorted keys, ending with a newline
     */
    public String yaml() {
        return ConfigText.yaml(raw());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DynamicConfig config && tree.equals(config.tree);
    }

    @Override
    public int hashCode() {
        return tree.hashCode();
    }

    @Override
    public String toString() {
        return "Dynamic configuration: ttl " + DurationText.of(ttl()) + ", loop_wait " + DurationText.of(loopWait())
                + ", "
                + Count.of(parameters().size(), "parameter") + (paused() ? ", paused" : "") + "\n"
                + CoveredConfig.yaml(tree).stripTrailing();
    }

    private Duration seconds(String key, int standard) {
        return Duration.ofSeconds(tree.path(key).asLong(standard));
    }

    private boolean flag(String key) {
        return Switch.of(tree.path(key)).orElse(false);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(element -> texts.add(element.asText()));
        }
        return List.copyOf(texts);
    }
}
