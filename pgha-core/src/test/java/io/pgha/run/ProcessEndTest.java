package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a run and the process that it is in end each other. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessEndTest {

    /** A test that is started in the background by a shell would hand on that SIGINT is to be ignored. */
    private static Process start(String what) throws IOException {
        return new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RehearsingProcess.class.getName(),
                        what)
                .redirectErrorStream(true)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void aRunGoesOnWhenMainHasReturned() throws Exception {
        Process process = start("leave");
        try (BufferedReader out = output(process)) {
            List<String> lines = out.lines().toList();

            assertThat(lines).contains("main has returned");
            assertThat(lines.get(lines.size() - 1)).matches("demo: done, (\\d+) of \\1 steps? in .* s");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aRunThatIsCutShortSaysWhatIsDoneAndHowToGoOn() throws Exception {
        Process process = start("stuck");
        try (BufferedReader out = output(process)) {
            List<String> lines = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.equals(RehearsingProcess.STUCK) && lines.indexOf(line) == lines.size() - 1) {
                    assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                                    .start()
                                    .waitFor())
                            .isZero();
                }
            }

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(String.join("\n", lines))
                    .containsPattern("Ended before the run has: \\d+ of \\d+ steps are done and stay done\\.")
                    .contains("  under way: ")
                    .contains("Nothing is half-done", "To go on, plan and apply again.");
        } finally {
            process.destroyForcibly();
        }
    }
}
