package io.pgha.examples.jshell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What users start: {@code jshell/run} in a process of its own, with lines typed into it. */
final class Launcher {
    private static final Path SCRIPT = Path.of("jshell", "run").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;

    private Launcher() {}

    /**
     * What a session printed, prompts and all.
     *
     * @param text standard output and standard error
     */
    record Session(String text) {
        /** JShell goes on after an error and ends with status 0; whatever it says itself stands behind a bar. */
        private static final Pattern COMPLAINT = Pattern.compile("(?m)^(?:jshell> | +\\.\\.\\.> )*\\|  (.*)$");

        List<String> complaints() {
            return COMPLAINT
                    .matcher(text)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .toList();
        }
    }

    /** Types lines into JShell, started in a directory and with more environment than this process has. */
    static Session type(Path directory, Map<String, String> environment, List<String> lines)
            throws IOException, InterruptedException {
        Path typed = Files.write(directory.resolve("typed"), lines);
        Path printed = directory.resolve("printed");
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString())
                .directory(directory.toFile())
                .redirectInput(typed.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().put("PGHA_CLASS_PATH", System.getProperty("java.class.path"));
        builder.environment().put("JAVA_HOME", System.getProperty("pgha.jshell.home", System.getProperty("java.home")));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("JShell has not ended: " + Files.readString(printed));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Session(Files.readString(printed));
    }
}
