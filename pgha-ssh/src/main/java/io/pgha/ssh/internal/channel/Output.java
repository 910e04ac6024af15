package io.pgha.ssh.internal.channel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One output of a command: what came before {@link RootShell#READY}, and what came after it. Thread-safe. */
public final class Output {
    private static final Logger log = LoggerFactory.getLogger(Output.class);

    private final int largest;
    private final Greeting greeting = new Greeting();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Consumer<String> lines;
    private boolean tooLarge;

    Output(Consumer<String> lines, int largest) {
        this.lines = lines;
        this.largest = largest;
    }

    /** Returns whether the shell has said that it is there. */
    public synchronized boolean ready() {
        return greeting.ready();
    }

    /** Returns whether more came than is kept. */
    synchronized boolean tooLarge() {
        return tooLarge;
    }

    /** Returns what came before the shell was there. */
    public synchronized String noise() {
        return greeting.noise();
    }

    /** Returns what the command printed. */
    public synchronized String text() {
        return text.toString(StandardCharsets.UTF_8);
    }

    synchronized void add(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = greeting.take(bytes, offset, end);
        if (text.size() + greeting.length() + (end - at) > largest) {
            tooLarge = true;
            return;
        }
        text.write(bytes, at, end - at);
        int start = at;
        for (; at < end; at++) {
            if (bytes[at] == '\n') {
                line.write(bytes, start, at - start);
                tell();
                start = at + 1;
            }
        }
        line.write(bytes, start, end - start);
    }

    /** Tells the last line, which has no end. */
    synchronized void end() {
        if (line.size() > 0) {
            tell();
        }
    }

    private void tell() {
        String told = line.toString(StandardCharsets.UTF_8);
        line.reset();
        try {
            lines.accept(told);
        } catch (RuntimeException e) {
            // The caller's bug must not end the connection that others use; the command's result has all the output.
            log.debug("The consumer of a command's output failed; it is told no more", e);
            lines = ignored -> {};
        }
    }
}
