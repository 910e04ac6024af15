package io.pgha.patroni.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.Given;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.ConfigPath;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.SynchronousText;
import io.pgha.run.WhenClosed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says how Patroni's dynamic configuration shall change; made by the builder that {@link PatroniClient#editConfig}
 * hands out.
 *
 * <p>Defaults: nothing changes, up to 30 s of waiting for the members to take it over, and while maintenance is closed
 * nothing that interrupts the service: no pause, no change of {@code standby_cluster}, no parameter that needs a
 * restart. Immutable and thread-safe.
 */
public final class ConfigEdit implements WhenClosed.Options {
    private final List<Consumer<ObjectNode>> steps;
    private final Duration awaitMembers;
    private final WhenClosed whenClosed;

    private ConfigEdit(Builder builder) {
        this.steps = List.copyOf(builder.steps);
        this.awaitMembers = builder.awaitMembers;
        this.whenClosed = builder.whenClosed;
    }

    /**
     * Returns how long to wait, after the change is stored, for the members to take it over.
     *
     * @return the limit, 30 s by default; zero: do not wait
     */
    public Duration awaitMembers() {
        return awaitMembers;
    }

    /**
     * Returns what becomes of a change that interrupts the service while maintenance is closed.
     *
     * @return {@link WhenClosed#refuse()} by default
     */
    @Override
    public WhenClosed whenClosed() {
        return whenClosed;
    }

    /**
     * Returns what this edit makes of a configuration; nothing is checked and no cluster is asked. Does no I/O.
     *
     * @param before the configuration that is edited
     * @return the configuration behind all steps
     */
    public DynamicConfig on(DynamicConfig before) {
        ObjectNode after = ConfigText.tree(Given.value(before, "before").raw());
        steps.forEach(step -> step.accept(after));
        return DynamicConfig.of(ConfigText.map(after));
    }

    @Override
    public String toString() {
        return "Edit of the dynamic configuration in " + steps.size() + (steps.size() == 1 ? " step" : " steps");
    }

    /**
     * Returns a builder.
     *
     * @return a new builder, without a change
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects changes; they are made in the order in which they are given. Confined to one thread. */
    public static final class Builder implements WhenClosed.Choice<Builder> {
        private static final List<String> HBA = List.of("postgresql", "pg_hba");

        private final List<Consumer<ObjectNode>> steps = new ArrayList<>();
        private Duration awaitMembers = Duration.ofSeconds(30);
        private WhenClosed whenClosed = WhenClosed.refuse();

        private Builder() {}

        /**
         * Returns the edit.
         *
         * @return the changes so far, in their order
         */
        public ConfigEdit build() {
            return new ConfigEdit(this);
        }

        /**
         * Sets how long the leader's key lives without being renewed.
         *
         * @param ttl whole seconds, at least 20
         * @return this builder
         */
        public Builder ttl(Duration ttl) {
            Given.value(ttl, "ttl");
            return set("ttl", seconds("ttl", ttl));
        }

        /**
         * Sets the pause between two rounds of Patroni.
         *
         * @param loopWait whole seconds, at least 1
         * @return this builder
         */
        public Builder loopWait(Duration loopWait) {
            Given.value(loopWait, "loopWait");
            return set("loop_wait", seconds("loop_wait", loopWait));
        }

        /**
         * Sets how long Patroni retries etcd and PostgreSQL.
         *
         * @param retryTimeout whole seconds, at least 3
         * @return this builder
         */
        public Builder retryTimeout(Duration retryTimeout) {
            Given.value(retryTimeout, "retryTimeout");
            return set("retry_timeout", seconds("retry_timeout", retryTimeout));
        }

        /**
         * Sets how far behind a replica may be and still become leader by itself.
         *
         * @param bytes the limit in bytes
         * @return this builder
         */
        public Builder maximumLagOnFailover(long bytes) {
            return set("maximum_lag_on_failover", bytes);
        }

        /**
         * Sets whether commits wait for replicas.
         *
         * @param mode the mode; quorum commit needs Patroni 4.0
         * @return this builder
         */
        public Builder synchronousMode(SynchronousMode mode) {
            Given.value(mode, "mode");
            return set("synchronous_mode", SynchronousText.of(mode));
        }

        /**
         * Sets how many replicas commits wait for in the synchronous modes.
         *
         * @param count at least 1
         * @return this builder
         */
        public Builder synchronousNodeCount(int count) {
            return set("synchronous_node_count", count);
        }

        /**
         * Sets a parameter of PostgreSQL, as {@code patronictl edit-config -p} does.
         *
         * @param name its name, for example {@code work_mem}
         * @param value a text with its unit, a number, or true or false
         * @return this builder
         */
        public Builder parameter(String name, Object value) {
            Given.value(name, "name");
            Given.value(value, "value");
            // PostgreSQL's own words; Patroni would pass on Python's.
            Object words = value instanceof Boolean flag ? (flag ? "on" : "off") : value;
            return set("postgresql.parameters." + name, words);
        }

        /**
         * Removes a parameter of PostgreSQL, which returns to its default.
         *
         * @param name its name
         * @return this builder
         */
        public Builder removeParameter(String name) {
            Given.value(name, "name");
            return remove("postgresql.parameters." + name);
        }

        /**
         * Sets all lines of {@code pg_hba.conf}.
         *
         * @param lines the lines in order; PostgreSQL takes the first that fits
         * @return this builder
         */
        public Builder pgHba(List<String> lines) {
            Given.value(lines, "lines");
            return set("postgresql.pg_hba", List.copyOf(lines));
        }

        /**
         * Adds a line at the end of {@code pg_hba.conf}, unless it is there already.
         *
         * @param line for example {@code hostssl app app 10.0.0.0/8 scram-sha-256}
         * @return this builder
         */
        public Builder appendPgHba(String line) {
            Given.value(line, "line");
            return step(tree -> {
                ArrayNode lines = hba(tree);
                if (index(lines, line) < 0) {
                    lines.add(line);
                }
            });
        }

        /**
         * Adds a line at the start of {@code pg_hba.conf}, where it is looked at first, unless it is there already.
         *
         * @param line for example {@code host all all 10.9.9.9/32 reject}
         * @return this builder
         */
        public Builder prependPgHba(String line) {
            Given.value(line, "line");
            return step(tree -> {
                ArrayNode lines = hba(tree);
                if (index(lines, line) < 0) {
                    lines.insert(0, line);
                }
            });
        }

        /**
         * Removes a line of {@code pg_hba.conf}.
         *
         * @param line the whole line as it is stored; nothing is done where there is none
         * @return this builder
         */
        public Builder removePgHba(String line) {
            Given.value(line, "line");
            return step(tree -> {
                if (tree.path("postgresql").path("pg_hba") instanceof ArrayNode lines && index(lines, line) >= 0) {
                    lines.remove(index(lines, line));
                }
            });
        }

        /**
         * Adds a physical replication slot that Patroni keeps through failovers.
         *
         * @param name lower-case letters, digits and underscores
         * @return this builder
         */
        public Builder physicalSlot(String name) {
            Given.value(name, "name");
            return slot(name, JsonNodeFactory.instance.objectNode().put("type", "physical"));
        }

        /**
         * Adds a logical replication slot that Patroni keeps through failovers.
         *
         * @param name lower-case letters, digits and underscores
         * @param database its database
         * @param plugin its output plugin, for example {@code pgoutput}
         * @return this builder
         */
        public Builder logicalSlot(String name, String database, String plugin) {
            Given.value(name, "name");
            Given.value(database, "database");
            Given.value(plugin, "plugin");
            return slot(
                    name,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("type", "logical")
                            .put("database", database)
                            .put("plugin", plugin));
        }

        /**
         * Removes a slot; Patroni drops it on all members.
         *
         * @param name its name
         * @return this builder
         */
        public Builder removeSlot(String name) {
            Given.value(name, "name");
            return step(tree -> ConfigPath.remove(tree, List.of("slots", name)));
        }

        /**
         * Sets any value, as {@code patronictl edit-config -s} does.
         *
         * @param path keys joined by dots, for example {@code failsafe_mode}; what follows
         *     {@code postgresql.parameters.} is one key
         * @param value a text, a number, true or false, or a list or map of them; unlike patronictl's it is taken as it
         *     is
         * @return this builder
         * @throws InvalidConfigException when the path or the value is none
         */
        public Builder set(String path, Object value) {
            Given.value(path, "path");
            Given.value(value, "value");
            List<String> keys = ConfigPath.keys(path);
            JsonNode node = ConfigText.tree(value);
            return step(tree -> ConfigPath.set(tree, keys, node.deepCopy()));
        }

        /**
         * Removes any value, and the objects that are empty without it.
         *
         * @param path keys joined by dots
         * @return this builder
         * @throws InvalidConfigException when the path is none
         */
        public Builder remove(String path) {
            Given.value(path, "path");
            List<String> keys = ConfigPath.keys(path);
            return step(tree -> ConfigPath.remove(tree, keys));
        }

        /**
         * Merges a text, as {@code patronictl edit-config --apply} does: null removes, objects merge, all else
         * replaces.
         *
         * @param yaml YAML or JSON
         * @return this builder
         * @throws InvalidConfigException when it is not a mapping in YAML or JSON
         */
        public Builder apply(String yaml) {
            Given.value(yaml, "yaml");
            ObjectNode patch = ConfigText.read(yaml);
            return step(tree -> ConfigMerge.apply(tree, patch));
        }

        /**
         * Merges a file; see {@link #apply(String)}. Reads the file at once.
         *
         * @param file YAML or JSON in UTF-8
         * @return this builder
         * @throws InvalidConfigException when it is not a mapping in YAML or JSON, or cannot be read
         */
        public Builder apply(Path file) {
            Given.value(file, "file");
            return apply(content(file));
        }

        /**
         * Replaces everything, as {@code patronictl edit-config --replace} does.
         *
         * @param yaml YAML or JSON; what it lacks is removed
         * @return this builder
         * @throws InvalidConfigException when it is not a mapping in YAML or JSON
         */
        public Builder replace(String yaml) {
            Given.value(yaml, "yaml");
            ObjectNode whole = JsonNodeFactory.instance.objectNode();
            ConfigMerge.apply(whole, ConfigText.read(yaml));
            return step(tree -> tree.removeAll().setAll(whole.deepCopy()));
        }

        /**
         * Replaces everything by a file; see {@link #replace(String)}. Reads the file at once.
         *
         * @param file YAML or JSON in UTF-8
         * @return this builder
         * @throws InvalidConfigException when it is not a mapping in YAML or JSON, or cannot be read
         */
        public Builder replace(Path file) {
            Given.value(file, "file");
            return replace(content(file));
        }

        /**
         * Sets how long to wait, after the change is stored, for the members to take it over.
         *
         * @param limit the limit, 30 s by default; zero: do not wait
         * @return this builder
         * @throws InvalidConfigException when it is negative
         */
        public Builder awaitMembers(Duration limit) {
            Given.value(limit, "limit");
            if (limit.isNegative()) {
                throw ConfigText.invalid("An edit cannot wait for a negative time", "Give zero or more.");
            }
            awaitMembers = limit;
            return this;
        }

        @Override
        public Builder whenClosed(WhenClosed choice) {
            Given.value(choice, "choice");
            whenClosed = choice;
            return this;
        }

        private Builder slot(String name, ObjectNode spec) {
            return step(tree -> ConfigPath.set(tree, List.of("slots", name), spec.deepCopy()));
        }

        private Builder step(Consumer<ObjectNode> step) {
            steps.add(step);
            return this;
        }

        private static ArrayNode hba(ObjectNode tree) {
            if (tree.path("postgresql").path("pg_hba") instanceof ArrayNode lines) {
                return lines;
            }
            ArrayNode lines = JsonNodeFactory.instance.arrayNode();
            ConfigPath.set(tree, HBA, lines);
            return lines;
        }

        private static int index(ArrayNode lines, String line) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).asText().equals(line)) {
                    return i;
                }
            }
            return -1;
        }

        private static long seconds(String key, Duration duration) {
            if (!duration.equals(Duration.ofSeconds(duration.toSeconds()))) {
                throw ConfigText.invalid(
                        key + " is counted in whole seconds, and " + duration + " is not one",
                        "Give Duration.ofSeconds(…).");
            }
            return duration.toSeconds();
        }

        private static String content(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw ConfigText.invalid(
                        "The file " + file + " cannot be read: " + e, "Check the path and who may read it.");
            }
        }
    }
}
