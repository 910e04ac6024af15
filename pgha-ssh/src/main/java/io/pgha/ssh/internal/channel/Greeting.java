package io.pgha.ssh.internal.channel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The beginning of an output, up to {@link RootShell#READY}: log-in scripts and sudo may print, too. Thread-safe. */
final class Greeting {
    private final ByteArrayOutputStream noise = new ByteArrayOutputStream();
    private int matched;

    /** Returns whether the mark has come. */
    synchronized boolean ready() {
        return matched == RootShell.READY.length;
    }

    /** Returns what came before the mark, with as much of it as has come. */
    synchronized String noise() {
        return noise.toString(StandardCharsets.UTF_8);
    }

    synchronized int length() {
        return noise.size();
    }

    /** Takes what belongs to it, and returns where the rest begins. */
    synchronized int take(byte[] bytes, int offset, int end) {
        int at = offset;
        while (!ready() && at < end) {
            byte next = bytes[at++];
            noise.write(next);
            // The mark starts with a byte that does not come again before its end, so a mismatch never needs to look
            // back.
            matched = next == RootShell.READY[matched] ? matched + 1 : next == RootShell.READY[0] ? 1 : 0;
        }
        return at;
    }
}
