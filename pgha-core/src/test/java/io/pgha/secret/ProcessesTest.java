package io.pgha.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes over one directory, and such as are killed. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessesTest {
    static final Secret SHORT = Secret.of("short");
    static final Secret LONG = Secret.of("long".repeat(20_000));

    private static final String NAME = "postgres.superuser";
    private static final int PROCESSES = 4;

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    private SecretStore store() {
        return SecretStore.directory(directory.resolve("secrets")).forCluster("demo");
    }

    private Process ready(String task) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecretProcess.class.getName(),
                        directory.resolve("secrets").toString(),
                        NAME,
                        task)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }

    private static void go(Process process) throws IOException {
        process.outputWriter().append('\n').flush();
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private List<String> said(String task) throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            ready(task);
        }
        for (Process each : processes) {
            go(each);
        }
        List<String> said = new ArrayList<>();
        for (Process each : processes) {
            said.add(each.inputReader().readLine());
            assertThat(each.waitFor()).isZero();
        }
        return said;
    }

    @Test
    void theyObtainTheSame() throws Exception {
        List<String> said = said("obtain");

        assertThat(said).doesNotContainNull().hasSize(PROCESSES);
        assertThat(said.stream().distinct())
                .containsExactly(store().read(NAME).orElseThrow().reveal());
    }

    @Test
    void noneLosesAnothersReplacement() throws Exception {
        store().put(NAME, Secret.of("0"));
        int sum = said("count").stream().mapToInt(Integer::parseInt).sum();

        assertThat(sum).isPositive();
        assertThat(store().read(NAME)).contains(Secret.of(String.valueOf(sum)));
    }

    @Test
    void oneThatIsKilledLeavesTheOldOrTheNewAndNoLock() throws Exception {
        store().put(NAME, SHORT);
        for (int round = 0; round < 5; round++) {
            Process process = ready("alternate");
            go(process);
            BufferedReader said = process.inputReader();
            for (int turn = 0; turn <= 7 * round; turn++) {
                assertThat(said.readLine()).isEqualTo("long");
            }
            process.destroyForcibly().waitFor();

            Secret left = store().read(NAME).orElseThrow();
            assertThat(left).isIn(SHORT, LONG);
            store().replace(NAME, left, SHORT);
        }
    }
}
