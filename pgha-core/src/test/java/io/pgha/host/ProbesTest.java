package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbesTest {
    @TempDir
    Path directory;

    @Test
    void eachQuestionGetsItsAnswer() throws Exception {
        List<Probe> probes = List.of(
                new Probe("one", "echo 1; echo 2", ""),
                new Probe("none", "false", ""),
                new Probe("quotes", "printf '%s' \"a'b\"; exit 7", ""),
                new Probe("stdin", "cat", ""));

        assertThat(Probes.answers(probes, run(probes)))
                .containsExactly(
                        Map.entry("one", "1\n2"),
                        Map.entry("none", ""),
                        Map.entry("quotes", "a'b"),
                        Map.entry("stdin", ""));
    }

    @Test
    void whatIsAskedTwiceInTheSameWordsIsAskedOnce() throws Exception {
        Path log = directory.resolve("log");
        String script = "echo asked >>" + ShellQuote.quote(log.toString()) + "; echo 'an \"answer\" of $HOME'; exit 3";
        List<Probe> probes =
                List.of(new Probe("a", script, ""), new Probe("b", "echo b", ""), new Probe("c", script, ""));

        assertThat(Probes.answers(probes, run(probes)))
                .containsExactly(
                        Map.entry("a", "an \"answer\" of $HOME"),
                        Map.entry("b", "b"),
                        Map.entry("c", "an \"answer\" of $HOME"));
        assertThat(Files.readAllLines(log)).hasSize(1);
    }

    @Test
    void anOutputThatIsCutShortIsNoAnswer() throws Exception {
        List<Probe> probes = List.of(new Probe("a", "echo a", ""), new Probe("b", "echo b", ""));
        String whole = run(probes);

        assertThatThrownBy(() -> Probes.answers(probes, whole.substring(0, whole.length() - 6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("b");
    }

    private static String run(List<Probe> probes) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", Probes.script(probes)).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
