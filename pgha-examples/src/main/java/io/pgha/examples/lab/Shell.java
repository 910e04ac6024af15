package io.pgha.examples.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one program of this machine, from an argument list and never through a shell, within a deadline. Immutable. */
final class Shell {
    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final List<String> argv;
    private final String input;
    private final Duration timeout;

    private Shell(List<String> argv, String input, Duration timeout) {
        this.argv = argv;
        this.input = input;
        this.timeout = timeout;
    }

    static Shell command(String... argv) {
        return command(List.of(argv));
    }

    static Shell command(List<String> argv) {
        return new Shell(List.copyOf(argv), "", DEFAULT_TIMEOUT);
    }

    /** Returns this command with a text for its standard input (default: empty). */
    Shell input(String text) {
        return new Shell(argv, text, timeout);
    }

    /** Returns this command with another deadline (default: 30 s), after which it is killed. */
    Shell timeout(Duration limit) {
        return new Shell(argv, input, limit);
    }

    /** Runs the command and fails unless it ends with status 0. */
    ExecResult check() throws InterruptedException {
        ExecResult result = run();
        if (!result.succeeded()) {
            throw new LabException(
                    "lab.command",
                    "'" + String.join(" ", argv) + "' ended with status " + result.exit() + ": "
                            + Text.lastLines(result.err().isBlank() ? result.out() : result.err(), 15),
                    "run the command by hand as root and read its message");
        }
        return result;
    }

    /** Runs the command and returns what it gave back, whatever its status. */
    ExecResult run() throws InterruptedException {
        LOG.debug("run {}", argv);
        Process process = start();
        try {
            Drain out = new Drain(process.getInputStream());
            Drain err = new Drain(process.getErrorStream());
            out.start();
            err.start();
            // Larger than a pipe's buffer is fine: both outputs are already being read.
            feed(process);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException(
                        "lab.timeout",
                        "'" + String.join(" ", argv) + "' did not end within " + timeout.toSeconds() + " s",
                        "see whether the machine is overloaded, then try again");
            }
            return new ExecResult(process.exitValue(), out.text(), err.text());
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start() {
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new LabException(
                    "lab.command",
                    "'" + argv.get(0) + "' could not be started: " + e.getMessage(),
                    "install the program that is missing",
                    e);
        }
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program need not read its input; if that mattered, its exit status says so.
            LOG.debug("{} did not read all of its input", argv.get(0), e);
        }
    }

    /** Reads one stream of a process to its end. */
    private static final class Drain extends Thread {
        /** How long a stream may stay open after its process ended: a daemon that it left behind may hold it. */
        private static final Duration GRACE = Duration.ofSeconds(2);

        private final InputStream from;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Drain(InputStream from) {
            super("pgha-lab-drain");
            this.from = from;
            setDaemon(true);
        }

        @Override
        public void run() {
            byte[] buffer = new byte[8192];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    bytes.write(buffer, 0, n);
                }
            } catch (IOException e) {
                LOG.debug("a process's output ended early", e);
            }
        }

        String text() throws InterruptedException {
            join(GRACE.toMillis());
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
