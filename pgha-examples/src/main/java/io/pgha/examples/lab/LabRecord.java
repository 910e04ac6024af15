package io.pgha.examples.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Holds what must outlive the process that started a lab: what is up, and whose it is. It is written before the machine
 * is touched. Immutable.
 */
record LabRecord(LabConfig config, Instant started, LabStatus.Ownership ownership) {

    LabRecord with(LabStatus.Ownership other) {
        return new LabRecord(config, started, other);
    }

    LabRecord with(LabConfig other) {
        return new LabRecord(other, started, ownership);
    }

    void save() {
        Machine.replace(config.paths().record(), text());
    }

    String text() {
        Map<String, String> values = new HashMap<>();
        values.put("number", String.valueOf(config.number()));
        values.put("release", config.release().codename());
        values.put("gateway", config.gateway());
        values.put(
                "hosts",
                config.hosts().entrySet().stream()
                        .map(host -> host.getKey() + "=" + host.getValue())
                        .collect(Collectors.joining(" ")));
        values.put("packages", String.join(" ", config.packages()));
        values.put("boot-timeout", config.bootTimeout().toString());
        values.put("cache", config.paths().cache().toString());
        values.put("started", started.toString());
        values.put("ownership", ownership.name());
        return SinceBoot.text(values);
    }

    /** Reads what is recorded in a state directory, where that was written since the machine booted. */
    static Optional<LabRecord> read(Path stateDirectory) {
        Path file = stateDirectory.resolve("lab.properties");
        return Files.exists(file) ? parse(Machine.read(file), stateDirectory) : Optional.empty();
    }

    static Optional<LabRecord> parse(String text, Path stateDirectory) {
        return SinceBoot.parse(text).map(values -> of(values, stateDirectory));
    }

    private static LabRecord of(Properties values, Path stateDirectory) {
        LabConfig.Builder config = LabConfig.builder()
                .number(Integer.parseInt(values.getProperty("number")))
                .release(Release.of(values.getProperty("release")))
                .gateway(values.getProperty("gateway"))
                .bootTimeout(Duration.parse(values.getProperty("boot-timeout")))
                .stateDirectory(stateDirectory)
                .cacheDirectory(Path.of(values.getProperty("cache")))
                .packages(words(values.getProperty("packages")));
        for (String host : words(values.getProperty("hosts"))) {
            String[] parts = host.split("=", -1);
            config.host(parts[0], parts[1]);
        }
        return new LabRecord(
                config.build(),
                Instant.parse(values.getProperty("started")),
                LabStatus.Ownership.valueOf(values.getProperty("ownership")));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toList());
    }
}
