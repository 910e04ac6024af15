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
    private final ByteArrayOutputStream noise = new ByteArrayOutputStream();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Consumer<String> lines;
    private int matched;
    private boolean tooLarge;

    Output(Consumer<String> lines, int largest) {
        this.lines = lines;
        this.largest = largest;
    }

    /** Returns whether the shell has said that it is there. */
    public synchronized boolean ready() {
        return matched == RootShell.READY.length;
    }

    /** Returns whether more came than is kept. */
    synchronized boolean tooLarge() {
        return tooLarge;
    }

    /** Returns what came before the shell was there. */
    public synchronized String noise() {
        return noise.toString(StandardCharsets.UTF_8);
    }

    /** Returns what the command printed. */
    public synchronized String text() {
        return text.toString(StandardCharsets.UTF_8);
    }

    synchronized void add(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (!ready() && at < end) {
            byte next = bytes[at++];
            noise.write(next);
            // The mark starts with a byte that does not come again before its end, so a mismatch never needs to look
            // back.
            matched = next == RootShell.READY[matched] ? matched + 1 : next == RootShell.READY[0] ? 1 : 0;
        }
        if (text.size() + noise.size() + (end - at) > largest) {
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
