package io.pgha.model;

import io.pgha.Given;
import io.pgha.model.internal.rule.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads a {@link ClusterConfig} from text and writes it as text, without loss: what was written reads back as an equal
 * value.
 *
 * <p>In YAML the keys are the attributes' names in snake_case, durations are {@code 250ms}, {@code 10s}, {@code 30min},
 * {@code 1h} or {@code 365d}, and constants are in lower case:
 *
 * <pre>{@code
 * name: postgresql-cluster
 * topology:
 *   nodes:
 *     - name: postgres-01
 *       address: 192.168.60.103
 *       roles: [etcd, postgres]
 *     - name: haproxy-01
 *       address: 192.168.60.100
 *       roles: [haproxy]
 *   vips:
 *     - 192.168.60.110/24
 * postgres:
 *   version: 17
 *   parameters:
 *     max_connections: 300
 * patroni:
 *   loop_wait: 5s
 * }</pre>
 *
 * <p>The nodes may also be a mapping from name to the rest, and a virtual IP a mapping of {@code address},
 * {@code prefix_length} and {@code virtual_router_id}. A configuration holds no secrets, and nor does its text.
 *
 * <p>Immutable and thread-safe. Start with {@link #yaml()}.
 */
public final class ConfigCodec {
    private static final ConfigCodec YAML = new ConfigCodec();

    private ConfigCodec() {}

    /**
     * Returns the codec for YAML. Tags and merge keys are refused; at most 1,000,000 characters are read.
     *
     * @return the codec
     */
    public static ConfigCodec yaml() {
        return YAML;
    }

    /**
     * Reads a configuration from text.
     *
     * @param text one YAML document
     * @return the configuration
     * @throws InvalidConfigException with every key that is unknown, missing or of the wrong type, by path and line;
     *     or, where there is none of these, with every rule that the configuration breaks
     */
    public ClusterConfig read(String text) {
        Given.value(text, "text");
        return read(text, "");
    }

    /**
     * Reads a configuration from a file. Blocks while it reads.
     *
     * @param file a UTF-8 text file with one YAML document
     * @return the configuration
     * @throws InvalidConfigException as {@link #read(String)} does
     * @throws ConfigFileException when the file cannot be read
     */
    public ClusterConfig read(Path file) {
        Given.value(file, "file");
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw ConfigFileException.unreadable(file, e);
        }
        return read(text, " of " + file);
    }

    /**
     * Returns a configuration as YAML, without what equals the defaults.
     *
     * @param config the configuration
     * @return one YAML document that ends with a line feed
     */
    public String write(ClusterConfig config) {
        Given.value(config, "config");
        return YamlText.write(ConfigShapes.CLUSTER.write(config));
    }

    /**
     * Returns a configuration as YAML, with what equals the defaults: it reads back as the same cluster in a version of
     * pgha that has other defaults, too.
     *
     * @param config the configuration
     * @return one YAML document that ends with a line feed
     */
    public String writeWhole(ClusterConfig config) {
        Given.value(config, "config");
        return YamlText.write(ConfigShapes.CLUSTER.whole(config));
    }

    /**
     * Writes a configuration as YAML to a file, which then holds either the whole new text or what it held before.
     * Blocks while it writes.
     *
     * @param config the configuration
     * @param file the file, in a directory that exists; replaced where it exists
     * @throws ConfigFileException when the file cannot be written
     */
    public void write(ClusterConfig config, Path file) {
        Given.value(config, "config");
        Given.value(file, "file");
        String text = write(config);
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                Files.writeString(temporary, text, StandardOpenOption.CREATE_NEW);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw ConfigFileException.unwritable(file, e);
        }
    }

    private static ClusterConfig read(String text, String place) {
        Problems problems = new Problems();
        Optional<YamlValue> root =
                YamlText.parse(text, place, problems).map(node -> YamlValue.document(node, place, problems));
        Optional<ClusterConfig> config;
        try {
            config = root.flatMap(ConfigShapes.CLUSTER::read);
        } catch (InvalidConfigException e) {
            // Rules broken after a key was skipped may only follow from the skipping.
            InvalidConfigException.throwIfAny(problems.all());
            throw e;
        }
        InvalidConfigException.throwIfAny(problems.all());
        return config.orElseThrow(() -> new IllegalStateException("A configuration was neither read nor refused"));
    }

    @Override
    public String toString() {
        return "YAML of a cluster's configuration";
    }
}
