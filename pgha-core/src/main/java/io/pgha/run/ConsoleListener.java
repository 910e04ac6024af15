package io.pgha.run;

import io.pgha.text.Count;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Shows a run to a person: one line a finished step and, on a terminal, a last row with what is under way, how long it
 * has taken, and what the oldest running step printed last. That row is never wider than the terminal, so that it can
 * be cleared again.
 */
final class ConsoleListener implements RunListener {
    private static final String CLEAR = "\r\u001b[K";
    private static final long TICK_MILLIS = 500;

    private final PrintStream out;
    private final Optional<IntSupplier> width;
    private final InstantSource clock;
    private final Map<Integer, Running> running = new LinkedHashMap<>();
    private Optional<ScheduledExecutorService> ticks = Optional.empty();
    private Instant began = Instant.EPOCH;
    private int done;
    private int total;
    private boolean cutShort;

    /** Without a width it prints plain lines. */
    ConsoleListener(PrintStream out, Optional<IntSupplier> width, InstantSource clock) {
        this.out = out;
        this.width = width;
        this.clock = clock;
    }

    private static final class Running {
        private final StepRef step;
        private final Instant began;
        private String said = "";

        Running(StepRef step, Instant began) {
            this.step = step;
            this.began = began;
        }
    }

    static ConsoleListener onStandardOutput() {
        return new ConsoleListener(
                System.out,
                Terminal.isThere() ? Optional.of(new Terminal()) : Optional.empty(),
                InstantSource.system());
    }

    static ConsoleListener plain(PrintStream out) {
        return new ConsoleListener(out, Optional.empty(), InstantSource.system());
    }

    @Override
    public synchronized void on(RunEvent event) {
        if (cutShort) {
            return; // the last word has been said
        }
        if (event instanceof RunEvent.RunStarted started) {
            begin(started);
        } else if (event instanceof RunEvent.WaitingForOpening waiting) {
            line("Maintenance is " + waiting.closure() + "; waiting");
        } else if (event instanceof RunEvent.StageStarted stage) {
            row("== " + stage.stage() + " (" + Count.of(stage.steps(), "step") + ", " + stage.order() + ")");
        } else if (event instanceof RunEvent.StepStarted started) {
            running.put(started.step().number(), new Running(started.step(), started.at()));
        } else if (event instanceof RunEvent.StepOutput output) {
            said(output);
        } else if (event instanceof RunEvent.StepFinished finished) {
            running.remove(finished.step().number());
            done = finished.done();
            row(counted()
                    + String.format(
                            Locale.ROOT,
                            " %-12s %s (%s)",
                            finished.step().node(),
                            finished.step().title(),
                            seconds(finished.took())));
        } else if (event instanceof RunEvent.StepFailed failed) {
            running.remove(failed.step().number());
            line("FAILED    " + failed.step().node() + " " + failed.step().title() + "\n" + failed.problem());
        } else if (event instanceof RunEvent.RunFinished finished) {
            ticks.ifPresent(ScheduledExecutorService::shutdownNow);
            ticks = Optional.empty();
            running.clear();
            total = 0;
            line(finished.report().toString());
        }
        status();
    }

    private void begin(RunEvent.RunStarted started) {
        total = started.steps();
        done = 0;
        began = started.at();
        if (width.isPresent() && ticks.isEmpty()) {
            ScheduledThreadPoolExecutor clockwork = new ScheduledThreadPoolExecutor(1, work -> {
                Thread thread = new Thread(work, "pgha-" + started.cluster() + "-console");
                thread.setDaemon(true);
                return thread;
            });
            ScheduledFuture<?> unused =
                    clockwork.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            ticks = Optional.of(clockwork);
        }
    }

    private synchronized void tick() {
        if (ticks.isPresent() && !cutShort) {
            status();
        }
    }

    private void said(RunEvent.StepOutput output) {
        Running step = running.get(output.step().number());
        if (step != null && !output.line().isBlank()) {
            step.said = output.line().strip();
        }
    }

    /** Says what is done and how to go on, where the process ends before the run has. */
    synchronized void cutShort() {
        StringBuilder text = new StringBuilder("Ended before the run has: ")
                .append(done)
                .append(" of ")
                .append(total)
                .append(" steps are done and stay done.");
        running.values()
                .forEach(one -> text.append("\n  under way: ")
                        .append(one.step.node())
                        .append(": ")
                        .append(one.step.title()));
        line(text.append(
                        "\nNothing is half-done: what was under way is whole or looked at again by the next plan. To go on, plan"
                                + " and apply again.")
                .toString());
        out.flush();
        cutShort = true;
    }

    private String counted() {
        return String.format(Locale.ROOT, "[%3d/%d]", done, total);
    }

    /** A line that may go on in further rows: it stays. */
    private void line(String text) {
        out.println(width.isPresent() ? CLEAR + text : text);
    }

    /** A line of which the beginning is enough on a terminal. */
    private void row(String text) {
        line(width.map(columns -> Columns.fit(text, columns.getAsInt())).orElse(text));
    }

    /** One column is left free: a cursor behind the last one wraps on some terminals. */
    private void status() {
        width.ifPresent(columns -> {
            out.print(CLEAR + Columns.fit(underWay(), columns.getAsInt() - 1));
            out.flush();
        });
    }

    private String underWay() {
        if (total == 0) {
            return "";
        }
        StringBuilder text =
                new StringBuilder(counted()).append(' ').append(elapsed(Duration.between(began, clock.instant())));
        running.values().stream().findFirst().ifPresent(oldest -> {
            text.append("  ").append(oldest.step.node());
            if (running.size() > 1) {
                text.append(" (and ").append(running.size() - 1).append(" more)");
            }
            text.append(": ")
                    .append(oldest.step.title())
                    .append(", ")
                    .append(elapsed(Duration.between(oldest.began, clock.instant())));
            if (!oldest.said.isEmpty()) {
                text.append(" · ").append(oldest.said);
            }
        });
        return text.toString();
    }

    private static String elapsed(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        return "Console";
    }
}
