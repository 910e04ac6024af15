package io.pgha.ssh.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgha.host.Command;
import io.pgha.ssh.ShellContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell text by itself, without SSH in between; sudo is the real one, where root may use it. */
class RootShellTest {
    @TempDir
    Path dir;

    private record Ended(int status, String stdout, String stderr) {}

    private static Ended run(String shell, String line, byte[] input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(shell, "-c", line).start();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Thread reader = new Thread(() -> {
            try {
                process.getErrorStream().transferTo(errors);
            } catch (IOException ended) {
                return;
            }
        });
        reader.start();
        Thread writer = new Thread(() -> {
            try (OutputStream out = process.getOutputStream()) {
                out.write(input);
            } catch (IOException ended) {
                return;
            }
        });
        writer.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        reader.join();
        writer.join();
        return new Ended(process.waitFor(), output, errors.toString(StandardCharsets.UTF_8));
    }

    private static String ready() {
        return new String(RootShell.READY, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "/bin/bash", "/bin/dash"})
    void eachShellReadsItAlike(String shell) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(shell)), "There is no " + shell);
        byte[] input = ShellContract.random(200_000);
        Command command = Command.builder()
                .script("printf 'é\\n'; sha256sum | cut -d ' ' -f 1; echo err >&2; exit 3")
                .stdin(input)
                .build();
        RootShell.Call call = RootShell.call(RootShell.Way.ROOT, command);
        assertThat(run(shell, call.line(), call.body()))
                .isEqualTo(new Ended(3, ready() + "é\n" + ShellContract.sha256(input) + "\n", ready() + "err\n"));
    }

    @Test
    void nothingRunsBeforeAllHasArrived() throws Exception {
        Path file = dir.resolve("file");
        byte[] input = ShellContract.random(70_000);
        RootShell.Call call = RootShell.call(
                RootShell.Way.ROOT,
                Command.builder()
                        .script("# é".repeat(100) + "\ncat > '" + file + "'")
                        .stdin(input)
                        .build());
        for (int missing : new int[] {1, 2, 3, 1000, 69_999, 70_000, 70_001, 70_100, call.body().length}) {
            byte[] cut = Arrays.copyOf(call.body(), call.body().length - missing);
            assertThat(run("/bin/sh", call.line(), cut).status()).isEqualTo(RootShell.INCOMPLETE);
            assertThat(file).as("%d bytes missing", missing).doesNotExist();
        }
        assertThat(run("/bin/sh", call.line(), call.body()).status()).isZero();
        assertThat(Files.readAllBytes(file)).isEqualTo(input);
    }

    @Test
    void whatFollowsTheInputIsNotTaken() throws Exception {
        RootShell.Call call = RootShell.call(
                RootShell.Way.ROOT,
                Command.builder().script("cat").stdin("input").build());
        byte[] more = Arrays.copyOf(call.body(), call.body().length + 10);
        assertThat(run("/bin/sh", call.line(), more).stdout()).isEqualTo(ready() + "input");
    }

    @ParameterizedTest
    @EnumSource(
            value = RootShell.Way.class,
            names = {"SUDO", "SUDO_PASSWORD"})
    void theRealSudoPassesEverythingOn(RootShell.Way way) throws Exception {
        boolean possible =
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/sudo"));
        assumeTrue(possible, "This needs root and sudo");
        for (int size : new int[] {0, 1, 4096, 65_537, 1_000_000}) {
            byte[] input = ShellContract.random(size);
            RootShell.Call call = RootShell.call(
                    way,
                    Command.builder()
                            .script("sha256sum | cut -d ' ' -f 1; echo err >&2; exit 3")
                            .stdin(input)
                            .build());
            // Root is not asked, so the password must be skipped.
            byte[] password = way == RootShell.Way.SUDO ? new byte[0] : "unused\n".getBytes(StandardCharsets.US_ASCII);
            byte[] body = Arrays.copyOf(password, password.length + call.body().length);
            System.arraycopy(call.body(), 0, body, password.length, call.body().length);
            Ended ended = run("/bin/sh", call.line(), body);
            assertThat(ended.status()).isEqualTo(3);
            assertThat(ended.stdout()).isEqualTo(ready() + ShellContract.sha256(input) + "\n");
            assertThat(ended.stderr()).endsWith(ready() + "err\n");
        }
    }

    @Test
    void theEnvironmentIsNotBurdened() throws Exception {
        RootShell.Call call = RootShell.call(
                RootShell.Way.ROOT,
                Command.builder()
                        .script("env; set; : the-script")
                        .stdin("the-input")
                        .build());
        Ended ended = run("/bin/sh", "pgha_s=x; pgha_d=x; export pgha_s pgha_d; " + call.line(), call.body());
        assertThat(ended.status()).isZero();
        assertThat(ended.stdout()).doesNotContain("the-script").doesNotContain("pgha_");
    }

    @Test
    void aLineHoldsNothingThatAnotherShellWouldRead() {
        for (RootShell.Way way : RootShell.Way.values()) {
            for (RootShell.Call call : List.of(
                    RootShell.call(way, Command.sh("echo 'x'")),
                    RootShell.call(
                            way, Command.builder().script("cat").stdin("'").build()),
                    RootShell.probe(""),
                    RootShell.probe("it's!"))) {
                String line = call.line();
                assertThat(line).startsWith("exec ").endsWith("'").doesNotContain("!", "\n");
                assertThat(line.chars().filter(c -> c == '\'').count()).isEqualTo(2);
            }
        }
    }
}
