package io.pgha.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What was measured, for people and for {@code --json}. Confined to one thread. */
final class Figures {
    private final Map<String, Object> values = new LinkedHashMap<>();

    void put(String name, Object value) {
        values.put(name, value);
    }

    void seconds(String name, Duration took) {
        values.put(name, Math.round(took.toMillis() / 10.0) / 100.0);
    }

    void writeTo(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), values);
        Files.writeString(file, "\n", java.nio.file.StandardOpenOption.APPEND);
    }

    static String text(Duration took) {
        return String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %-20s %s%n", name, value)));
        return text.toString().stripTrailing();
    }
}
