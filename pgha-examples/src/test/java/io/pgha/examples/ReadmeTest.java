package io.pgha.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README shows is what compiles and parses. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path SENTENCE = Path.of("src/main/java/io/pgha/examples/Sentence.java");

    private static final Path MARKET_HOURS = Path.of("src/main/java/io/pgha/examples/MarketHours.java");

    @Test
    void theSentenceIsTheOneThatCompiles() throws IOException {
        String source = Files.readString(SENTENCE);
        String region = source.substring(source.indexOf("// region sentence\n"), source.indexOf("// endregion"));
        String sentence =
                region.substring(region.indexOf('\n') + 1).stripIndent().stripTrailing() + "\n";

        assertThat(block("java")).isEqualTo(sentence);
    }

    @Test
    void theRotationIsTheOneThatCompiles() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/pgha/examples/Rotation.java"));
        String region = source.substring(source.indexOf("// region rotation\n"), source.indexOf("// endregion"));
        String rotation =
                region.substring(region.indexOf('\n') + 1).stripIndent().stripTrailing() + "\n";

        assertThat(Files.readString(README)).contains("```java\n" + rotation + "```");
    }

    @Test
    void operatingEtcdIsWhatCompiles() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/pgha/examples/EtcdCare.java"));
        String region = source.substring(source.indexOf("// region etcd\n"), source.indexOf("// endregion"));

        assertThat(Files.readString(README))
                .contains("```java\n"
                        + region.substring(region.indexOf('\n') + 1)
                                .stripIndent()
                                .stripTrailing() + "\n```");
    }

    @Test
    void theMarketHoursAreThoseThatCompile() throws IOException {
        String readme = Files.readString(README);
        String source = Files.readString(MARKET_HOURS);
        for (String name : List.of("closed", "work")) {
            String region = source.substring(source.indexOf("// region " + name + "\n"));
            String code = region.substring(region.indexOf('\n') + 1, region.indexOf("// endregion"))
                            .stripIndent()
                            .stripTrailing()
                    + "\n";

            assertThat(readme).contains("```java\n" + code + "```");
        }
    }

    @Test
    void theYamlIsTheClusterOfTheSentence() throws IOException {
        ClusterConfig config = ConfigCodec.yaml().read(block("yaml"));

        assertThat(config.postgresNodes()).hasSize(3);
        assertThat(config.haproxyNodes()).hasSize(2);
        assertThat(config.postgres().parameters()).containsEntry("max_connections", 300);
    }

    /** The first block of a language. */
    private static String block(String language) throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf("```" + language + "\n") + language.length() + 4;
        return readme.substring(start, readme.indexOf("```", start));
    }
}
