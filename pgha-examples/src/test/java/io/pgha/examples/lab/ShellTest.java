package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShellTest {
    @Test
    void passesArgumentsAsTheyAre() throws InterruptedException {
        String nasty = "a b; $(id) 'x' \"y\" \\";
        assertThat(Shell.command("printf", "%s", nasty).check().out()).isEqualTo(nasty);
    }

    @Test
    void feedsAndDrainsMoreThanAPipeHolds() throws InterruptedException {
        String big = "x".repeat(300_000);
        assertThat(Shell.command("cat").input(big).check().out()).isEqualTo(big);
    }

    @Test
    void mindsNoUnreadInput() throws InterruptedException {
        assertThat(Shell.command("true").input("x".repeat(300_000)).run().exit())
                .isZero();
    }

    @Test
    void carriesTheErrorOutputInTheException() {
        assertThatThrownBy(() -> Shell.command("sh", "-c", "echo why it failed >&2; exit 3")
                        .check())
                .isInstanceOf(LabException.class)
                .hasMessageContainingAll("status 3", "why it failed", "To fix:");
    }

    @Test
    void namesTheProgramThatIsMissing() {
        assertThatThrownBy(() -> Shell.command("no-such-program").run())
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void endsWhatTakesTooLong() {
        assertThatThrownBy(() -> Shell.command("sleep", "60")
                        .timeout(Duration.ofMillis(200))
                        .run())
                .isInstanceOf(LabException.class)
                .hasMessageContaining("did not end");
    }

    @Test
    void doesNotWaitForADaemonThatHoldsTheOutput() throws InterruptedException {
        long start = System.nanoTime();
        assertThat(Shell.command("sh", "-c", "sleep 20 & echo up").run().out()).isEqualTo("up\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void reportsTheFirstFailureOnlyWhenNothingRunsAnyMore() {
        AtomicInteger running = new AtomicInteger();
        assertThatThrownBy(() -> Parallel.forEach(List.of(1, 2, 3), item -> {
                    running.incrementAndGet();
                    try {
                        if (item == 3) {
                            throw new LabException("x", "first", "y");
                        }
                        Thread.sleep(60_000);
                    } finally {
                        running.decrementAndGet();
                    }
                }))
                .hasMessageContaining("first");
        assertThat(running).hasValue(0);
    }

    @Test
    void finishesUninterruptiblyAndKeepsTheInterrupt() {
        Thread.currentThread().interrupt();
        assertThat(Uninterruptibly.call(() -> "done")).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesTheTextOfASuccessOnly() {
        assertThat(new ExecResult(0, " a \n", "").text()).isEqualTo("a");
        assertThatThrownBy(new ExecResult(2, "", "no such thing")::text).hasMessageContainingAll("2", "no such thing");
    }
}
