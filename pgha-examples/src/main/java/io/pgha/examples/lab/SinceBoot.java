package io.pgha.examples.lab;

import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes values down that count until the machine boots the next time, and reads them. Stateless. */
final class SinceBoot {
    private static final String BOOT = "boot-id";

    private SinceBoot() {}

    static String text(Map<String, String> values) {
        Map<String, String> all = new TreeMap<>(values);
        all.put(BOOT, Machine.bootId());
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** Returns the values, or nothing where the machine has booted since they were written. */
    static Optional<Properties> parse(String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw Machine.failed("reading what was written since the machine booted", e);
        }
        return Optional.of(values).filter(read -> Machine.bootId().equals(read.getProperty(BOOT)));
    }
}
