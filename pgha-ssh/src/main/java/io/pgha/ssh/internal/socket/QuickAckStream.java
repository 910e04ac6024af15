package io.pgha.ssh.internal.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;

/**
 * Acknowledges at once what a TCP connection receives. A server sends a command's outputs, its status and its end in
 * packets of their own, and (Nagle's algorithm) sends the second when the first is acknowledged; by default that takes
 * Linux 40 ms, for each command.
 */
public final class QuickAckStream extends FilterInputStream {
    private final Socket socket;

    private QuickAckStream(Socket socket) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
    }

    /** Returns the socket's stream, quick where the system can do it (Linux). */
    public static InputStream of(Socket socket) throws IOException {
        return socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)
                ? new QuickAckStream(socket)
                : socket.getInputStream();
    }

    @Override
    public int read() throws IOException {
        acknowledge();
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        acknowledge();
        return super.read(buffer, offset, length);
    }

    /** Not once for all: Linux forgets it. */
    private void acknowledge() throws IOException {
        socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
}
