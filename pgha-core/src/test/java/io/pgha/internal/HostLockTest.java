package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgha.host.Probe;
import io.pgha.host.Probes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock's scripts, run by this machine's own shell. */
class HostLockTest {
    @TempDir
    Path directory;

    @BeforeEach
    void linuxWithFlock() {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")) && Files.exists(Path.of("/usr/bin/flock")));
    }

    private HostLock lock(String holder) {
        return new HostLock(holder, directory.toString());
    }

    private record Ended(int status, String stdout, String stderr) {}

    private static Ended sh(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh").start();
        process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String stderr = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), stdout, stderr);
    }

    private static String ask(Probe probe) throws IOException, InterruptedException {
        Map<String, String> answers =
                Probes.answers(List.of(probe), sh(Probes.script(List.of(probe))).stdout());
        return answers.get(probe.id());
    }

    /** Rewrites one word of the file's first line. */
    private void tamper(int word, String value) throws IOException {
        Path file = directory.resolve("lock");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        List<String> words = new ArrayList<>(List.of(lines.get(0).split(" ")));
        words.set(word, value);
        lines.set(0, String.join(" ", words));
        Files.write(file, lines);
    }

    @Test
    void onlyOneHoldsItAndTheOtherLearnsWho() throws Exception {
        HostLock first = lock("ops@one, since noon, to apply 'all' $(changes)");
        HostLock second = lock("ops@two");

        assertThat(ask(first.claim())).isEqualTo("held");
        assertThat(ask(first.claim())).as("again").isEqualTo("held");
        assertThat(ask(second.claim())).isEqualTo("locked ops@one, since noon, to apply 'all' $(changes)");
        assertThat(ask(second.release())).isEqualTo("released");
        assertThat(ask(second.claim()))
                .as("what is another's cannot be released")
                .startsWith("locked");
        assertThat(ask(first.release())).isEqualTo("released");
        assertThat(ask(second.claim())).isEqualTo("held");
    }

    @Test
    void whoHasNotComeByForAMinuteIsGone() throws Exception {
        HostLock first = lock("ops@one");
        ask(first.claim());
        tamper(1, "0");

        assertThat(ask(lock("ops@two").claim())).isEqualTo("held");
        assertThat(ask(first.renew())).startsWith("locked ops@two");
    }

    @Test
    void whoseConnectionIsClosedIsGoneButNotBeforeItsLastCommand() throws Exception {
        HostLock second = lock("ops@two");
        Process command = new ProcessBuilder("sh").start();
        command.getOutputStream()
                .write((lock("ops@one").guard() + "echo acts; read -r end\n").getBytes(StandardCharsets.UTF_8));
        command.getOutputStream().flush();
        assertThat(command.inputReader().readLine()).isEqualTo("acts");
        assertThat(ask(second.claim())).startsWith("locked ops@one");

        tamper(2, "1");
        tamper(3, "1");
        assertThat(ask(second.claim())).isEqualTo("dying ops@one");
        command.getOutputStream().close();
        assertThat(command.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ask(second.claim())).isEqualTo("held");
    }

    /** A step or a renewal that takes the lock while its controller dies has no sshd above itself any more. */
    @Test
    void aCommandThatHasLostItsConnectionLeavesTheLockWithIt() throws Exception {
        HostLock first = lock("ops@one");
        ask(first.claim());
        tamper(2, "1");
        tamper(3, "1");
        Path script = Files.writeString(
                directory.resolve("orphan"),
                "until read -r pid name state parent rest </proc/$$/stat; [ \"$parent\" != \"$1\" ]; do sleep 0.02; done\n"
                        + Probes.script(List.of(first.claim())) + "mv out.new out\n");
        Process parent = new ProcessBuilder("sh", "-c", "sh " + script + " $$ >out.new 2>&1 &")
                .directory(directory.toFile())
                .start();
        assertThat(parent.waitFor()).isZero();
        Path out = directory.resolve("out");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Files.exists(out) && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(out).content().contains("held");

        assertThat(ask(lock("ops@two").claim())).isEqualTo("held");
    }

    @Test
    void aProcessThatHasEndedIsGoneThoughItsParentHasNotTakenNote() throws Exception {
        HostLock first = lock("ops@one");
        ask(first.claim());
        // The child ends only when its parent is no shell any more, which would take note of the end.
        Process parent = new ProcessBuilder(
                        "sh",
                        "-c",
                        "until read -r name </proc/$$/comm && [ \"$name\" = sleep ]; do :; done & echo $!; exec sleep 30")
                .start();
        try {
            String zombie = parent.inputReader().readLine();
            Path stat = Path.of("/proc", zombie, "stat");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            String[] fields;
            do {
                fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
            } while (!fields[0].equals("Z") && System.nanoTime() < until);
            assertThat(fields[0]).isEqualTo("Z");
            tamper(2, zombie);
            tamper(3, fields[19]);

            assertThat(ask(lock("ops@two").claim())).isEqualTo("held");
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void aStepDoesNothingWhereTheLockIsAnothers() throws Exception {
        ask(lock("ops@one").claim());
        Ended step = sh(lock("ops@two").guard() + "touch " + directory + "/acted");

        assertThat(step.status()).isEqualTo(HostLock.LOST_STATUS);
        assertThat(step.stderr()).contains("pgha-lock: locked ops@one");
        assertThat(directory.resolve("acted")).doesNotExist();
    }

    @Test
    void whatARestartOfTheMachineHasForgottenIsTakenAgainByAStepAlone() throws Exception {
        HostLock lock = lock("ops@one");
        ask(lock.claim());
        Files.delete(directory.resolve("lock"));

        assertThat(ask(lock.renew())).isEqualTo("gone nobody");
        assertThat(sh(lock.guard() + "echo acts").stdout()).isEqualTo("acts\n");
        assertThat(ask(lock.renew())).isEqualTo("held");
    }

    @Test
    void ofManyAtOnceOneHoldsIt() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            HostLock lock = lock("number " + i);
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(lock.claim());
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        assertThat(answers.stream().map(CompletableFuture::join))
                .hasSize(20)
                .filteredOn("held"::equals)
                .hasSize(1);
    }
}
