package io.pgha.certs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real openssl; a machine without it fails the tests, since nothing else says that others can read our files.
 */
public final class Openssl {
    private Openssl() {}

    /** What a run said. */
    public record Result(int status, String output) {}

    public static Result run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " does not end");
            }
            return new Result(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs it and fails unless it succeeds. */
    public static String ok(String input, String... arguments) throws IOException, InterruptedException {
        Result result = run(input, arguments);
        if (result.status() != 0) {
            throw new AssertionError("openssl " + String.join(" ", arguments) + ": " + result.output());
        }
        return result.output();
    }
}
