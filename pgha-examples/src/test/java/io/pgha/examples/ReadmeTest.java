package io.pgha.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;

/** What the README shows compiles, pastes and parses, with nothing but the imports that it shows. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```([a-z]+)\\n(.*?)```");
    private static final Pattern INLINE = Pattern.compile("`([^`\\n]+)`");
    /** Whose methods the text means where it leaves that out: the client beside the table, a builder's, a client's. */
    private static final List<String> RECEIVERS = List.of("patroni.", "", "ClusterConfig.builder().", "certs.");
    /** What the text takes for given, beside what its programs declare. */
    private static final String GIVEN = """
            static ClusterConfig config;
            static Cluster cluster;
            static Plan plan;
            static PatroniClient patroni;
            static EtcdClient etcd;
            static CertsClient certs;
            static CertificateAuthority authority;
            static Path dir, file;
            static OffsetDateTime time;
            static String ca, user;
            static Secret secret;
            static Object x;
            static void show(Object any) {}
            """;

    private final String readme = read(Path.of("..", "README.md"));

    @Test
    void itsJavaIsOneProgramThatCompiles() {
        assertThat(Javac.complaints(Map.of("Program", program(blocks("java"))))).isEmpty();
    }

    @Test
    void aProgramThatDoesNotCompileIsNoticed() {
        List<String> blocks = new ArrayList<>(blocks("java"));
        blocks.add("ClusterConfig other = ClusterConfig.builder().from(cluster).build();\n");

        assertThat(Javac.complaints(Map.of("Program", program(blocks)))).containsOnlyKeys("Program");
    }

    @Test
    void everyCallInItsTextCompiles() {
        assertThat(rejected(calls())).isEmpty();
        assertThat(calls()).hasSizeGreaterThan(40);
    }

    @Test
    void aCallThatDoesNotCompileIsNoticed() {
        assertThat(rejected(List.of("health(h -> h.check(REPLICA))", "dsn(REPLICA)", "view(..)")))
                .containsExactlyInAnyOrder("health(h -> h.check(REPLICA))", "view(..)");
    }

    @Test
    void itsJavaPastesIntoJShellLineByLine() {
        assertThat(blocks("java"))
                .allSatisfy(block -> assertThat(refusedByJShell(block)).isEmpty());
    }

    @Test
    void aLineThatJShellTakesForTheStartOfAnotherIsNoticed() {
        assertThat(refusedByJShell("ClusterConfig config = ClusterConfig.builder()\n        .build();\n"))
                .containsExactly("        .build();\n");
        assertThat(refusedByJShell("List.of(\n")).containsExactly("List.of(\n");
    }

    @Test
    void theCoordinatesAreThoseOfTheBom() {
        String bom = read(Path.of("..", "bom.xml"));
        String shown = blocks("xml").get(0);

        assertThat(Stream.of("groupId", "artifactId", "version").map(element -> first(element, shown)))
                .containsExactly(first("groupId", bom), first("artifactId", bom), first("version", bom));
    }

    @Test
    void theYamlIsTheClusterOfTheSentence() {
        ClusterConfig config = ConfigCodec.yaml().read(blocks("yaml").get(0));

        assertThat(config.postgresNodes()).hasSize(3);
        assertThat(config.haproxyNodes()).hasSize(2);
        assertThat(config.postgres().parameters()).containsEntry("max_connections", 300);
    }

    private List<String> blocks(String language) {
        List<String> blocks = BLOCK.matcher(readme)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    /** Calls in the running text and in the tables; what it merely names has no parentheses. */
    private List<String> calls() {
        return INLINE.matcher(BLOCK.matcher(readme).replaceAll(""))
                .results()
                .map(inline -> inline.group(1))
                .filter(inline -> inline.contains("("))
                .distinct()
                .toList();
    }

    /** Returns the calls that nobody takes. */
    private List<String> rejected(List<String> calls) {
        List<String> rejected = calls;
        for (String receiver : RECEIVERS) {
            Map<String, String> callByName = new LinkedHashMap<>();
            rejected.forEach(call -> callByName.put("Call" + callByName.size(), call));
            Map<String, String> sources = new LinkedHashMap<>();
            callByName.forEach((name, call) -> sources.put(name, unit(name, GIVEN, receiver + call + ";\n")));
            rejected = Javac.complaints(sources).keySet().stream()
                    .map(callByName::get)
                    .toList();
        }
        return rejected;
    }

    private String program(List<String> blocks) {
        return unit("Program", "", String.join("", blocks).replaceAll("(?m)^import .*\\n", ""));
    }

    private String unit(String name, String members, String statements) {
        String imports = blocks("java").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("import "))
                .collect(Collectors.joining("\n"));
        return imports + "\nclass " + name + " {\n" + members
                + "public static void main(String[] args) throws Exception {\n" + statements + "}\n}\n";
    }

    /** Returns what JShell could not make a snippet of: it takes a line that could be whole for whole. */
    private static List<String> refusedByJShell(String block) {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
            List<String> refused = new ArrayList<>();
            String typed = "";
            for (String line : block.split("(?<=\\n)", -1)) {
                typed += line;
                CompletionInfo seen = analysis.analyzeCompletion(typed);
                if (seen.completeness() == Completeness.UNKNOWN) {
                    refused.add(typed);
                    typed = "";
                } else if (seen.completeness().isComplete()) {
                    typed = seen.remaining();
                }
            }
            if (!typed.isBlank()) {
                refused.add(typed);
            }
            return refused;
        }
    }

    private static String first(String element, String xml) {
        return xml.replaceFirst("(?s).*?<" + element + ">(.*?)</.*", "$1");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
