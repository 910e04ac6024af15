package io.pgha.run;

import io.pgha.Given;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Is told what happens in a run: in order, on one daemon thread. What it throws is logged and breaks nothing; a slow
 * one does not slow the run.
 */
@FunctionalInterface
public interface RunListener {

    /**
     * Is told of one event.
     *
     * @param event what happened
     */
    void on(RunEvent event);

    /**
     * Returns a listener that shows progress on standard output: live on a terminal, plain lines elsewhere. A last row,
     * never wider than the terminal, says what is under way, for how long, and what it printed last.
     *
     * <p>When the JVM is ended in the middle of the run, by Ctrl-C for example, it prints what is done and how to go
     * on; the shutdown hook for that is there only while the run is.
     *
     * @return the listener
     */
    static RunListener console() {
        return new LastWord(ConsoleListener.onStandardOutput());
    }

    /**
     * Returns a listener that prints plain lines.
     *
     * @param out where to
     * @return the listener
     */
    static RunListener plain(PrintStream out) {
        Given.value(out, "out");
        return ConsoleListener.plain(out);
    }

    /**
     * Returns a listener that logs to {@code io.pgha.run}: steps at info, output at debug, failures at error.
     *
     * @return the listener
     */
    static RunListener slf4j() {
        return new Slf4jListener();
    }

    /**
     * Returns a listener that writes one JSON object a line.
     *
     * @param out where to; not closed
     * @return the listener
     */
    static RunListener jsonLines(OutputStream out) {
        Given.value(out, "out");
        return new JsonLinesListener(out);
    }
}
