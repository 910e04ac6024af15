package io.pgha.ssh.internal.channel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What is written into a channel, sent at once. sshj's own stream keeps its lock while it waits for the far side to
 * take more, and the thread that reads the whole connection needs that lock when the channel or the connection ends:
 * neither would go on. Here who waits holds nothing. For one writing thread.
 */
final class ChannelSink extends OutputStream {
    private final Supplier<OutputStream> stream;
    private final LongSupplier room;
    private final Object changed = new Object();
    private boolean ended;

    /**
     * Makes it, before the channel is open.
     *
     * @param stream sshj's own, once the channel is open
     * @param room how many bytes the far side takes now
     */
    ChannelSink(Supplier<OutputStream> stream, LongSupplier room) {
        this.stream = stream;
        this.room = room;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int part = (int) Math.min(end - at, awaitRoom());
            stream.get().write(bytes, at, part);
            stream.get().flush();
            at += part;
        }
    }

    private long awaitRoom() throws IOException {
        synchronized (changed) {
            while (!ended && room.getAsLong() <= 0) {
                try {
                    changed.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("Interrupted while the far side takes no more");
                }
            }
            if (ended) {
                throw new SocketException("The channel is closed");
            }
            return room.getAsLong();
        }
    }

    /** Called when there may be more room. */
    void look() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    /** Called when nothing more can be sent. */
    void end() {
        synchronized (changed) {
            ended = true;
            changed.notifyAll();
        }
    }

    /** Tells the far side that no more comes. */
    @Override
    public void close() throws IOException {
        stream.get().close();
    }
}
