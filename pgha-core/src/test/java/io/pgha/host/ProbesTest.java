package io.pgha.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
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
    void aProgramThatAnswersSeveralProbesIsRunOnce() throws Exception {
        Path log = directory.resolve("log");
        String program = "echo run >>" + ShellQuote.quote(log.toString()) + "; printf '<%s>'";
        List<Probe> probes = List.of(
                new Probe("a", "echo \"a: $batch\"", "", Optional.of(new Probe.Batch(program, List.of("it's")))),
                new Probe("b", "echo b", ""),
                new Probe(
                        "c",
                        "echo \"c: $batch\"",
                        "",
                        Optional.of(new Probe.Batch(program, List.of("two words", "it's")))),
                new Probe("d", "echo \"d: $batch\"", "", Optional.of(new Probe.Batch("echo", List.of("other")))));

        assertThat(Probes.answers(probes, run(probes)))
                .containsExactly(
                        Map.entry("a", "a: <it's><two words>"),
                        Map.entry("b", "b"),
                        Map.entry("c", "c: <it's><two words>"),
                        Map.entry("d", "d: other"));
        assertThat(Files.readAllLines(log)).hasSize(1);
    }

    @Test
    void whatAProgramPrintsIsReadHereAndFoundByScriptsThere() throws Exception {
        Path log = directory.resolve("log");
        String program = "echo run >>" + ShellQuote.quote(log.toString()) + "; printf '<%s>\\n'";
        List<Probe> probes = List.of(
                new Probe(
                        "a",
                        List.of(new Probe.Batch(program, List.of("it's")), new Probe.Batch("echo", List.of("alone"))),
                        printed -> String.join("+", printed),
                        ""),
                new Probe("b", "echo \"b: $batch\"", "", Optional.of(new Probe.Batch(program, List.of("b")))),
                new Probe("c", List.of(new Probe.Batch("false", List.of())), printed -> "c: " + printed, ""));

        assertThat(Probes.answers(probes, run(probes)))
                .containsExactly(
                        Map.entry("a", "<it's>\n<b>+alone"), Map.entry("b", "b: <it's>\n<b>"), Map.entry("c", "c: []"));
        assertThat(Files.readAllLines(log)).hasSize(1);
    }

    @Test
    void whatIsReadHereIsAskedWithoutASubshell() {
        List<Probe> probes = IntStream.range(0, 20)
                .mapToObj(i -> new Probe(
                        "probe-" + i,
                        List.of(new Probe.Batch("echo", List.of("word-" + i))),
                        printed -> printed.get(0),
                        ""))
                .toList();
        String script = Probes.script(probes);

        assertThat(script).contains("word-0").contains("word-19").doesNotContain("(");
    }

    @Test
    void eitherAScriptOrAReadingTells() {
        Function<List<String>, String> first = printed -> printed.get(0);

        assertThatThrownBy(() -> new Probe("a", "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tells a");
        assertThatThrownBy(() -> new Probe("b", "echo b", "", List.of(), Optional.of(first)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tells b");
    }

    /** Each waits for the next one to be asked: one after the other they would wait for ever. */
    @Test
    void probesAreAskedAtTheSameTime() throws Exception {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String own = ShellQuote.quote(directory.resolve("asked-" + i).toString());
            String next = ShellQuote.quote(directory.resolve("asked-" + (i + 1)).toString());
            String wait = i == 7
                    ? ""
                    : "; n=0; until [ -e " + next + " ] || [ $((n += 1)) -gt 500 ]; do sleep 0.02; done; [ -e " + next
                            + " ] || echo alone";
            probes.add(new Probe("probe-" + i, "touch " + own + wait, ""));
        }

        assertThat(Probes.answers(probes, run(probes)).values()).containsOnly("");
    }

    @Test
    void aLongAnswerInEveryLaneArrivesWhole() throws Exception {
        List<Probe> probes = IntStream.range(0, 50)
                .mapToObj(i -> new Probe(
                        "probe-" + i, "head -c 200000 /dev/zero | tr '\\0' " + (char) ('a' + i % 26) + " # " + i, ""))
                .toList();
        Map<String, String> answers = Probes.answers(probes, run(probes));

        assertThat(answers.keySet())
                .containsExactlyElementsOf(probes.stream().map(Probe::id).toList());
        for (int i = 0; i < 50; i++) {
            assertThat(answers.get("probe-" + i))
                    .hasSize(200000)
                    .containsOnlyOnce(String.valueOf((char) ('a' + i % 26)).repeat(200000));
        }
    }

    @Test
    void anOutputThatIsCutShortIsNoAnswer() throws Exception {
        List<Probe> probes = List.of(new Probe("a", "echo a", ""), new Probe("b", "echo b", ""));
        String whole = run(probes);

        assertThatThrownBy(() -> Probes.answers(probes, whole.substring(0, whole.length() - 6)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("b");
    }

    @Test
    void aProgramThatIsCutShortIsNoAnswer() throws Exception {
        List<Probe> probes =
                List.of(new Probe("a", List.of(new Probe.Batch("echo", List.of("a"))), printed -> printed.get(0), ""));
        String whole = run(probes);

        assertThat(Probes.answers(probes, whole)).containsEntry("a", "a");
        assertThatThrownBy(() -> Probes.answers(probes, whole.substring(0, whole.indexOf("a\n") + 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a is missing");
    }

    private static String run(List<Probe> probes) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", Probes.script(probes)).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
