package io.pgha.ssh.internal.connection;

import io.pgha.Problem;
import io.pgha.host.HostException;
import io.pgha.host.Tunnel;
import io.pgha.net.HostPort;
import io.pgha.ssh.internal.channel.FarEnd;
import io.pgha.ssh.internal.socket.Workers;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local port, and a pair of threads for each connection through it. Thread-safe. */
final class SshTunnel implements Tunnel {
    private static final Logger log = LoggerFactory.getLogger(SshTunnel.class);
    private static final int BUFFER = 32 * 1024;

    private final SshHost through;
    private final String host;
    private final int port;
    private final FarSide far;
    private final Workers workers;
    private final ServerSocket server;
    private final InetSocketAddress localAddress;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch accepting = new CountDownLatch(1);
    private final AtomicReference<Optional<FarEnd>> first;
    private volatile boolean closed;
    private volatile Optional<Thread> acceptor = Optional.empty();

    private SshTunnel(
            SshHost through,
            String host,
            int port,
            FarSide far,
            Optional<FarEnd> first,
            Workers workers,
            ServerSocket server) {
        this.through = through;
        this.host = host;
        this.port = port;
        this.far = far;
        this.first = new AtomicReference<>(first);
        first.ifPresent(open::add);
        this.workers = workers;
        this.server = server;
        this.localAddress = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    @Override
    public String toString() {
        return name() + " to " + new HostPort(host, port) + (closed ? ", closed" : "");
    }

    /**
     * Opens the local port.
     *
     * @param far where its connections come out
     * @param first a channel for the first connection, which is the tunnel's from now on
     */
    static SshTunnel open(
            SshHost through, String host, int port, FarSide far, Optional<FarEnd> first, SshTransport transport) {
        try {
            ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            SshTunnel tunnel = new SshTunnel(through, host, port, far, first, transport.workers(), server);
            transport.workers().execute(tunnel::accept);
            return tunnel;
        } catch (IOException e) {
            first.ifPresent(FarEnd::close);
            throw new HostException(
                    Problem.on(
                            through.node().name(),
                            "ssh.tunnel-port",
                            "no local port for a tunnel could be opened: " + e.getMessage(),
                            "check this machine's loopback interface and its limit of open files: ulimit -n"),
                    e);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    private void accept() {
        acceptor = Optional.of(Thread.currentThread());
        try {
            acceptAll();
        } finally {
            accepting.countDown();
        }
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                workers.execute(() -> connect(socket));
            } catch (IOException e) {
                if (!closed) {
                    log.debug("{}: the tunnel to {}:{} takes no more connections", name(), host, port, e);
                    close();
                }
            }
        }
    }

    private void connect(Socket socket) {
        open.add(socket);
        try (socket) {
            socket.setTcpNoDelay(true);
            try (FarEnd channel = channel()) {
                open.add(channel);
                if (closed) {
                    return;
                }
                copyBothWays(socket, channel);
                open.remove(channel);
            }
        } catch (FarSide.Refused e) {
            // It was allowed when the tunnel was opened.
            log.warn(
                    "A connection through the tunnel to {}:{} is refused: {}",
                    host,
                    port,
                    e.failure().getMessage());
        } catch (IOException | HostException | IllegalStateException e) {
            // Whoever connected sees the connection end, as with any port that nobody serves; the reason is here.
            log.debug("{}: a connection through the tunnel to {}:{} failed: {}", name(), host, port, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private FarEnd channel() throws IOException, InterruptedException {
        Optional<FarEnd> unused = first.getAndSet(Optional.empty());
        unused.ifPresent(open::remove);
        if (unused.isPresent() && unused.get().isFresh()) {
            return unused.get();
        }
        unused.ifPresent(FarEnd::close);
        return far.open();
    }

    /** Copies both ways until both have ended; each end is passed on by itself. */
    private void copyBothWays(Socket socket, FarEnd channel) throws IOException, InterruptedException {
        // Or the other thread would wait for more from a client that has nowhere to send it.
        channel.whenClosed(() -> shutdownInput(socket));
        Future<Boolean> sending = workers.submit(() -> both(socket, channel, () -> {
            copy(socket.getInputStream(), channel.getOutputStream());
            channel.getOutputStream().close();
        }));
        both(socket, channel, () -> {
            copy(channel.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
        });
        try {
            sending.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private interface OneWay {
        void copy() throws IOException;
    }

    /** Copies one way; when that fails, both ways end. Returns whether it went well. */
    private boolean both(Socket socket, FarEnd channel, OneWay way) {
        try {
            way.copy();
            return true;
        } catch (IOException e) {
            log.debug("{}: a connection through the tunnel to {}:{} broke: {}", name(), host, port, e.toString());
            close(channel);
            close(socket);
            return false;
        }
    }

    private void shutdownInput(Socket socket) {
        try {
            socket.shutdownInput();
        } catch (IOException alreadyClosed) {
            log.trace("{}: {}", name(), alreadyClosed.toString());
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private String name() {
        return through.node().name();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        close(server);
        open.forEach(this::close);
        through.closed(this);
        if (acceptor.equals(Optional.of(Thread.currentThread()))) {
            return;
        }
        try {
            // The port takes connections until the thread that waits for them has noticed.
            accepting.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            log.debug("{}: closing a part of the tunnel to {}:{}: {}", name(), host, port, e.toString());
        }
    }
}
