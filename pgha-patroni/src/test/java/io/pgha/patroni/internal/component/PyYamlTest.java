package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.testing.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is rendered, read with the library that Patroni reads it with. */
class PyYamlTest {
    private static final String READ =
            "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding='utf-8'))))";

    private static final List<String> KNOWN = List.of(
            "=",
            "<<",
            "~",
            "null",
            "Null",
            "yes",
            "No",
            "on",
            "OFF",
            "y",
            "n",
            "true",
            "False",
            "1:30",
            "190:20:30.15",
            "0o17",
            "0x1f",
            "0b1",
            "017",
            "1e3",
            "1.5e+3",
            "6.8523015e+5",
            "1_000",
            "._",
            ".5",
            "5.",
            ".inf",
            "-.INF",
            ".NaN",
            "+1",
            "-0",
            "2001-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43.10 -5",
            " a",
            "a ",
            "\ta",
            "a\t",
            "",
            "a: b",
            "a #b",
            "#a",
            "- a",
            "-",
            "--- a",
            "...",
            "? a",
            "!a",
            "&a",
            "*a",
            "%a",
            "@a",
            "`a",
            "'",
            "\"",
            "|",
            ">",
            "[a",
            "{a",
            "a\nb",
            "\n",
            "a\r\nb",
            "a\u0000b",
            "\u0085",
            "\u2028",
            "\u2029",
            "\ufeff",
            "\u00e9",
            "\ud83d\ude00",
            "\u007f",
            "\u001b",
            "10.0.0.1:5432",
            "1d",
            "\\",
            "\\n");

    @BeforeAll
    static void requirePyYaml() throws IOException, InterruptedException {
        boolean there = new ProcessBuilder("sh", "-c", "python3 -c 'import yaml' 2>/dev/null")
                        .start()
                        .waitFor()
                == 0;
        String reason =
                "PyYAML is not here: apt-get install python3-yaml; on Debian ./mvnw -Dpgha.lab=required does it";
        Requirement.met(there, reason);
    }

    @Test
    void everyTextComesBackAsItWas(@TempDir Path directory) throws Exception {
        List<String> texts = new ArrayList<>(KNOWN);
        Random random = new Random(4711);
        for (int i = 0; i < 4000; i++) {
            texts.add(text(
                    random,
                    i % 2 == 0 ? "0123456789_.:+-eExXobyYnN=<~ " : "'\":#{}[],&*!|>%@`\\?-= \n\t\u00e9\u2028ab0"));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            tree.put("k" + i, Map.of("password", texts.get(i), "list", List.of(texts.get(i))));
        }
        JsonNode read = pyYaml(directory, YamlFormat.dump(tree));

        for (int i = 0; i < texts.size(); i++) {
            JsonNode back = read.path("k" + i);
            for (JsonNode value :
                    List.of(back.path("password"), back.path("list").path(0))) {
                assertThat(value.isTextual())
                        .as("%s is %s", texts.get(i), value)
                        .isTrue();
                assertThat(value.asText()).isEqualTo(texts.get(i));
            }
        }
    }

    @Test
    void everyGoldenFileIsRead(@TempDir Path directory) throws Exception {
        try (var files = Files.walk(Path.of("src", "test", "golden"))) {
            for (Path file : files.filter(any -> any.endsWith("patroni.yaml")).toList()) {
                assertThat(pyYaml(directory, Files.readString(file))
                                .path("scope")
                                .isTextual())
                        .as("%s", file)
                        .isTrue();
            }
        }
    }

    private static String text(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int length = 1 + random.nextInt(7); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static JsonNode pyYaml(Path directory, String yaml) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("patroni.yaml"), yaml);
        Path errors = directory.resolve("errors");
        Process python = new ProcessBuilder("python3", "-c", READ, file.toString())
                .redirectError(errors.toFile())
                .start();
        byte[] printed = python.getInputStream().readAllBytes();
        assertThat(python.waitFor()).as(Files.readString(errors)).isZero();
        return new ObjectMapper().readTree(printed);
    }
}
