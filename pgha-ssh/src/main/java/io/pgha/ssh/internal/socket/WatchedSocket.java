package io.pgha.ssh.internal.socket;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The connected byte streams that sshj works on: a TCP connection or a channel of a jump host. It remembers whether
 * bytes come in and whether a write is under way, and can be closed from outside when one is stuck.
 */
// Socket's lock is not taken: whoever closes this must not wait for whoever is stuck.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
public final class WatchedSocket extends Socket {
    private static final int LONGEST_GREETING = 1000;

    private final InputStream in;
    private final OutputStream out;
    private final Closeable connection;
    private final int remotePort;
    private final StringBuilder greeting = new StringBuilder();
    private volatile boolean heard;
    private volatile boolean writing;
    private volatile boolean closed;
    private volatile Optional<Thread> reader = Optional.empty();
    private volatile Consumer<Throwable> whenReaderFails = error -> {};

    public WatchedSocket(InputStream in, OutputStream out, Closeable connection, int remotePort, String readerName) {
        // Unbuffered, sshj's reader makes a system call for each few bytes.
        this.in = new Incoming(new BufferedInputStream(in, 64 * 1024), readerName);
        this.out = new Outgoing(out);
        this.connection = connection;
        this.remotePort = remotePort;
    }

    /** Returns whether anything has come in since the last call. */
    public boolean heardSinceLastAsked() {
        boolean any = heard;
        heard = false;
        return any;
    }

    /** Returns what came before sshj's reader took over: the server's greeting, or what it said instead. */
    public String greeting() {
        return greeting.toString();
    }

    /** Returns whether some thread is inside a write; it may be stuck there. */
    public boolean isWriting() {
        return writing;
    }

    /** Returns sshj's reading thread, once it runs. */
    public Optional<Thread> reader() {
        return reader;
    }

    /** Says what the reading thread does, as its last deed, when it ends with an error that nobody catches. */
    public void whenReaderFails(Consumer<Throwable> action) {
        whenReaderFails = action;
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public int getPort() {
        return remotePort;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void setSoTimeout(int timeout) {
        // Time limits are kept from outside, by closing.
    }

    /** Not synchronized: closing is how another thread ends one that waits on the socket. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void close() throws IOException {
        closed = true;
        connection.close();
    }

    private final class Incoming extends FilterInputStream {
        private final String readerName;

        Incoming(InputStream in, String readerName) {
            super(in);
            this.readerName = readerName;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            heard = true;
            if (read >= 0 && greeting.length() < LONGEST_GREETING) {
                greeting.append((char) read);
            }
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (reader.isEmpty()) {
                // Only sshj's reader comes here (the greeting before it is read byte by byte).
                Thread.currentThread().setName(readerName);
                Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> whenReaderFails.accept(error));
                reader = Optional.of(Thread.currentThread());
            }
            int read = super.read(buffer, offset, length);
            heard = true;
            return read;
        }
    }

    private final class Outgoing extends FilterOutputStream {
        Outgoing(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new SocketException("The connection is closed");
            }
            writing = true;
            try {
                out.write(bytes, offset, length);
            } finally {
                writing = false;
            }
        }

        @Override
        public void flush() throws IOException {
            writing = true;
            try {
                out.flush();
            } finally {
                writing = false;
            }
        }
    }
}
