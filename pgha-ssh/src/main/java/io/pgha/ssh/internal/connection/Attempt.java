package io.pgha.ssh.internal.connection;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to connect, which can be broken off from outside whatever it is blocked in. Thread-safe. */
final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private Optional<Closeable> connection = Optional.empty();
    private Optional<String> phase = Optional.empty();
    private boolean aborted;

    /**
     * Says that this is what the attempt now depends on.
     *
     * @throws IOException when it has been broken off already
     */
    synchronized void holds(Closeable opened) throws IOException {
        connection = Optional.of(opened);
        if (aborted) {
            opened.close();
            throw new IOException("The attempt was broken off");
        }
    }

    /** Says what happens now, as a message would name it. */
    synchronized void enters(String name) {
        phase = Optional.of(name);
    }

    /** Returns what happens now; empty while the machine has not answered at all. */
    synchronized Optional<String> phase() {
        return phase;
    }

    synchronized void abort() {
        aborted = true;
        connection.ifPresent(opened -> {
            try {
                opened.close();
            } catch (IOException e) {
                log.debug("Closing a connection that is not wanted any more: {}", e.toString());
            }
        });
    }
}
