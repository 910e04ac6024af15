package io.pgha.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Shows a run to a person: one line a finished step and, on a terminal, a last line with what is under way. */
final class ConsoleListener implements RunListener {
    private static final String CLEAR = "\r\u001b[K";
    private static final int WIDTH = 110;

    private final PrintStream out;
    private final boolean live;
    private final Map<Integer, StepRef> running = new LinkedHashMap<>();
    private int done;
    private int total;

    private ConsoleListener(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    @SuppressWarnings("SystemConsoleNull") // a console that is no terminal is what must be told apart here
    static ConsoleListener onStandardOutput() {
        boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        return new ConsoleListener(System.out, terminal);
    }

    static ConsoleListener plain(PrintStream out) {
        return new ConsoleListener(out, false);
    }

    @Override
    public void on(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            total = started.steps();
        } else if (event instanceof RunEvent.WaitingForOpening waiting) {
            line("Maintenance is " + waiting.closure() + "; waiting");
        } else if (event instanceof RunEvent.StageStarted stage) {
            line("== " + stage.stage() + " (" + stage.steps() + " steps, " + stage.order() + ")");
        } else if (event instanceof RunEvent.StepStarted started) {
            running.put(started.step().number(), started.step());
        } else if (event instanceof RunEvent.StepFinished finished) {
            running.remove(finished.step().number());
            done = finished.done();
            line(String.format(
                    Locale.ROOT,
                    "[%3d/%d] %-12s %s (%s)",
                    done,
                    total,
                    finished.step().node(),
                    finished.step().title(),
                    seconds(finished.took())));
        } else if (event instanceof RunEvent.StepFailed failed) {
            running.remove(failed.step().number());
            line("FAILED    " + failed.step().node() + " " + failed.step().title() + "\n" + failed.problem());
        } else if (event instanceof RunEvent.RunFinished finished) {
            line(finished.report().toString());
            running.clear();
        }
        status();
    }

    private void line(String text) {
        out.println(live ? CLEAR + text : text);
    }

    private void status() {
        if (!live) {
            return;
        }
        StringBuilder text = new StringBuilder();
        running.values()
                .forEach(step -> text.append(text.length() == 0 ? "" : " · ")
                        .append(step.node())
                        .append(": ")
                        .append(step.title()));
        if (text.length() > WIDTH) {
            text.setLength(WIDTH - 1);
            text.append('…');
        }
        out.print(CLEAR + text);
        out.flush();
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}
