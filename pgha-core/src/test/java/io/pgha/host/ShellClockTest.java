package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShellClockTest {
    @Test
    void tellsTheSecondsSinceTheMachineWasStarted() throws Exception {
        double before = uptime();
        Process shell = new ProcessBuilder(
                        "sh", "-c", "set -e\n" + ShellClock.DEFINITION + "clock; echo $(( clock + 0 ))")
                .start();
        String told = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(shell.waitFor()).isZero();
        assertThat(Long.parseLong(told)).isBetween((long) before, (long) uptime());
    }

    private static double uptime() throws Exception {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
    }
}
