package io.pgha.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and parses. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SOURCES = Path.of("src/main/java/io/pgha/examples");
    private static final Pattern REGION = Pattern.compile("// region [a-z]+\\n(.*?)\\n *// endregion", Pattern.DOTALL);

    @Test
    void everyBlockOfJavaIsARegionOfASourceAndEveryRegionIsShown() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<String> regions = files.filter(Files::isRegularFile)
                    .flatMap(file -> REGION.matcher(read(file)).results())
                    .map(region -> region.group(1).stripIndent().stripTrailing() + "\n")
                    .toList();

            assertThat(regions).isNotEmpty();
            assertThat(blocks("java")).containsExactlyInAnyOrderElementsOf(regions);
        }
    }

    @Test
    void theYamlIsTheClusterOfTheSentence() {
        ClusterConfig config = ConfigCodec.yaml().read(blocks("yaml").get(0));

        assertThat(config.postgresNodes()).hasSize(3);
        assertThat(config.haproxyNodes()).hasSize(2);
        assertThat(config.postgres().parameters()).containsEntry("max_connections", 300);
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(read(README))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
