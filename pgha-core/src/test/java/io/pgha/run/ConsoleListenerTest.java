package io.pgha.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.testing.MovableClock;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConsoleListenerTest {
    private static final Instant NOON = Instant.parse("2027-01-04T12:00:00Z");
    private static final StepRef INSTALL =
            new StepRef(1, "operating system", "postgres-01", "install 9 packages", "missing");
    private static final StepRef OTHER =
            new StepRef(2, "operating system", "postgres-02", "install 9 packages", "missing");

    private static RunReport report(int steps) {
        return new RunReport(
                "main",
                RunReport.Outcome.DONE,
                NOON,
                Duration.ofSeconds(3),
                steps,
                List.of(),
                List.of(),
                Optional.empty());
    }

    @Provide
    Arbitrary<String> output() {
        return Arbitraries.of(
                        "Unpacking ",
                        "postgresql-17",
                        "漢語",
                        "e\u0301",
                        "🚀",
                        "\u001b[1;32mok\u001b[0m",
                        "\t",
                        "\r",
                        "\u0007",
                        " ",
                        "\u001b]0;title\u0007")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 300)
    void noRowIsWiderThanTheTerminalAndNoneIsLeftBehind(
            @ForAll @IntRange(min = 20, max = 200) int width,
            @ForAll @Size(max = 6) List<@net.jqwik.api.From("output") String> outputs) {
        Screen screen = new Screen(width);
        MovableClock clock = new MovableClock(NOON.toString());
        ConsoleListener console = new ConsoleListener(screen.stream(), Optional.of(() -> width), clock);
        List<String> kept = new ArrayList<>();

        console.on(new RunEvent.RunStarted(NOON, "main", 12));
        console.on(new RunEvent.StageStarted(NOON, "operating system", 12, "all nodes together, one after the other"));
        kept.add("== operating system");
        console.on(new RunEvent.StepStarted(NOON, INSTALL));
        console.on(new RunEvent.StepStarted(NOON, OTHER));
        for (String output : outputs) {
            console.on(new RunEvent.StepOutput(NOON, INSTALL, output));
            assertThat(screen.rows()).hasSize(kept.size() + 1);
        }
        console.on(new RunEvent.StepFinished(NOON, INSTALL, Duration.ofSeconds(2), 1));
        kept.add("[  1/12] postgres");
        assertThat(screen.rows()).hasSize(kept.size() + 1);
        assertThat(screen.rows().get(kept.size())).startsWith("[  1/12] 0 s");
        console.on(new RunEvent.RunFinished(NOON, report(12)));

        List<String> rows = screen.rows();
        assertThat(rows.get(0)).startsWith(kept.get(0));
        assertThat(rows.get(1)).startsWith(kept.get(1));
        assertThat(String.join("", rows.subList(2, rows.size()))).isEqualTo("main: done, 0 of 12 steps in 3.0 s");
        assertThat(rows.get(rows.size() - 1)).isEmpty();
    }

    @Test
    void theLastRowSaysHowLongAndWhatWasPrintedLast() {
        Screen screen = new Screen(120);
        MovableClock clock = new MovableClock(NOON.toString());
        ConsoleListener console = new ConsoleListener(screen.stream(), Optional.of(() -> 120), clock);

        console.on(new RunEvent.RunStarted(NOON, "main", 12));
        console.on(new RunEvent.StepStarted(NOON.plusSeconds(60), INSTALL));
        console.on(new RunEvent.StepStarted(NOON.plusSeconds(61), OTHER));
        console.on(new RunEvent.StepOutput(NOON.plusSeconds(70), OTHER, "Unpacking etcd-server"));
        clock.advance(Duration.ofSeconds(75));
        console.on(new RunEvent.StepOutput(
                NOON.plusSeconds(75), INSTALL, "\u001b[32mUnpacking\u001b[0m libpq5 (17.2) ..."));
        console.on(new RunEvent.StepOutput(NOON.plusSeconds(75), INSTALL, "  "));

        assertThat(screen.rows())
                .containsExactly(
                        "[  0/12] 1:15 min  postgres-01 (and 1 more): install 9 packages, 15 s · Unpacking libpq5 (17.2) ...");
        console.on(new RunEvent.RunFinished(NOON, report(12)));
    }

    @Test
    void timePassesWhileNothingHappens() throws InterruptedException {
        MovableClock clock = new MovableClock(NOON.toString());
        Screen screen = new Screen(80);
        ConsoleListener console = new ConsoleListener(screen.stream(), Optional.of(() -> 80), clock);
        console.on(new RunEvent.RunStarted(NOON, "main", 12));
        clock.advance(Duration.ofSeconds(24));

        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!screen.rows().get(0).equals("[  0/12] 24 s")) {
            assertThat(System.nanoTime()).as("the row goes on by itself").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        console.on(new RunEvent.RunFinished(NOON, report(12)));
    }

    @Test
    void theLastWordSaysWhatIsUnderWayAndNothingFollows() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream held = new PrintStream(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);
        ConsoleListener console = ConsoleListener.plain(held);
        console.on(new RunEvent.RunStarted(NOON, "main", 12));
        console.on(new RunEvent.StepStarted(NOON, OTHER));
        console.on(new RunEvent.StepFinished(NOON, OTHER, Duration.ofSeconds(2), 1));
        console.on(new RunEvent.StepStarted(NOON, INSTALL));
        console.cutShort();
        console.on(new RunEvent.RunFinished(NOON, report(12)));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "[  1/12] postgres-02  install 9 packages (2.0 s)",
                        "Ended before the run has: 1 of 12 steps are done and stay done.",
                        "  under way: postgres-01: install 9 packages",
                        "Nothing is half-done: what was under way is whole or looked at again by the next plan. To go on, plan"
                                + " and apply again.");
    }

    @Test
    void elsewhereThanOnATerminalThereArePlainLinesWhole() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RunListener console = RunListener.plain(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        String order = "one at a time, ".repeat(20);

        console.on(new RunEvent.RunStarted(NOON, "main", 12));
        console.on(new RunEvent.StageStarted(NOON, "etcd", 1, order));
        console.on(new RunEvent.StepStarted(NOON, INSTALL));
        console.on(new RunEvent.StepOutput(NOON, INSTALL, "Unpacking"));
        console.on(new RunEvent.StepFinished(NOON, OTHER, Duration.ofMillis(2345), 1));
        console.on(new RunEvent.StepFailed(NOON, INSTALL, Problem.on("postgres-01", "a", "It broke", "Mend it.")));
        console.on(new RunEvent.RunFinished(NOON, report(12)));

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith("== etcd (1 step, " + order + ")\n[  1/12] postgres-02  install 9 packages (2.3 s)\n"
                        + "FAILED    postgres-01 install 9 packages\n")
                .endsWith("main: done, 0 of 12 steps in 3.0 s\n")
                .doesNotContain("\r")
                .doesNotContain("\u001b");
    }
}
