package io.pgha.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Types the tours into JShell, snippet by snippet: the jshell tool itself goes on after an error and ends with status 0, so that
 * a tour that is broken would go unnoticed.
 */
class ToursTest {
    private static final Path DIRECTORY = Path.of("jshell");

    /** What the jshell tool imports by {@code --startup DEFAULT}. */
    private static final String DEFAULT_IMPORTS = Stream.of(
                    "java.io.*",
                    "java.math.*",
                    "java.net.*",
                    "java.nio.file.*",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "java.util.function.*",
                    "java.util.prefs.*",
                    "java.util.regex.*",
                    "java.util.stream.*")
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());

    static List<Path> tours() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY.resolve("tours"))) {
            return files.filter(file -> file.toString().endsWith(".jsh"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("tours")
    void aTourRunsToItsEnd(Path tour) throws IOException {
        assertThat(typed(tour)).isNotBlank();
    }

    @Test
    void aRehearsedDeployLeavesNothingToDo() throws IOException {
        assertThat(typed(DIRECTORY.resolve("tours/rehearse.jsh")))
                .contains("postgresql-cluster: nothing to do, 0 changes");
    }

    /** Returns what the tour prints; fails at the first snippet that is refused or throws. */
    private static String typed(Path tour) throws IOException {
        PrintStream terminal = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                shell.addToClasspath(entry);
            }
            type(shell, DEFAULT_IMPORTS);
            type(shell, Files.readString(DIRECTORY.resolve("pgha.jsh")));
            type(shell, Files.readString(tour));
        } finally {
            System.setOut(terminal);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** Feeds line after line, as the tool does: the end of a line ends a snippet that may end there. */
    private static void type(JShell shell, String source) {
        String pending = "";
        for (String line : source.lines().toList()) {
            pending = evaluate(shell, pending + line + "\n");
        }
        assertThat(pending).as("a snippet without an end").isBlank();
    }

    /** Returns what needs more lines. */
    private static String evaluate(JShell shell, String typed) {
        String rest = typed;
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                return "";
            }
            if (!info.completeness().isComplete()) {
                return rest;
            }
            shell.eval(info.source()).forEach(event -> check(shell, event));
            rest = info.remaining();
        }
        return "";
    }

    private static void check(JShell shell, SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return; // an older snippet that this one replaces or completes
        }
        Snippet snippet = event.snippet();
        String complaints = shell.diagnostics(snippet)
                .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
                .collect(Collectors.joining("\n"));
        assertThat(event.status()).as("%s\n%s", snippet.source(), complaints).isEqualTo(Snippet.Status.VALID);
        assertThat(event.exception()).as(snippet.source()).isNull();
    }
}
