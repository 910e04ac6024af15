package io.pgha.ssh.internal.socket;

import io.pgha.net.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to whichever of a name's addresses answers first. They are tried in turn, IPv6 and IPv4 alternating; the
 * next one when the one before has failed or been silent for a quarter of a second (RFC 8305). Confined to one thread
 * but for closing.
 */
public final class Addresses implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Addresses.class);
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final List<InetSocketAddress> addresses;
    private final Workers workers;
    private final Set<Socket> trying = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    public Addresses(List<InetAddress> addresses, int port, Workers workers) {
        this.addresses = alternating(addresses).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        this.workers = workers;
    }

    /**
     * Returns the addresses in their order, but each of another family than the one before, as long as there are both.
     */
    static List<InetAddress> alternating(List<InetAddress> addresses) {
        Queue<InetAddress> first = new ArrayDeque<>();
        Queue<InetAddress> second = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            boolean like = address instanceof Inet4Address == addresses.get(0) instanceof Inet4Address;
            (like ? first : second).add(address);
        }
        List<InetAddress> all = new ArrayList<>();
        while (!first.isEmpty() || !second.isEmpty()) {
            if (!first.isEmpty()) {
                all.add(first.remove());
            }
            if (!second.isEmpty()) {
                all.add(second.remove());
            }
        }
        return all;
    }

    private sealed interface Outcome {}

    private record Connected(Socket socket) implements Outcome {}

    private record Failed(IOException cause) implements Outcome {}

    /**
     * Connects.
     *
     * @throws IOException why the last one failed, the others being suppressed; when the deadline passes
     */
    public Socket connect(Deadline deadline) throws IOException, InterruptedException {
        IOException failure = new SocketException("The name has no address");
        try {
            int tried = 0;
            int failed = 0;
            while (failed < addresses.size()) {
                if (tried < addresses.size()) {
                    InetSocketAddress next = addresses.get(tried++);
                    workers.execute(() -> outcomes.add(open(next, deadline)));
                }
                Deadline wait = tried < addresses.size() ? deadline.atMost(HEAD_START) : deadline;
                Outcome outcome = outcomes.poll(wait.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (outcome instanceof Connected connected) {
                    trying.remove(connected.socket());
                    return connected.socket();
                }
                if (outcome instanceof Failed one) {
                    failed++;
                    one.cause().addSuppressed(failure);
                    failure = one.cause();
                } else if (deadline.passed()) {
                    throw new SocketTimeoutException();
                }
            }
            throw failure;
        } finally {
            close();
        }
    }

    private Outcome open(InetSocketAddress address, Deadline deadline) {
        Socket socket = new Socket();
        trying.add(socket);
        try {
            if (closed) {
                throw new SocketException("Closed");
            }
            socket.setTcpNoDelay(true);
            socket.connect(address, deadline.remainingMillis());
            return new Connected(socket);
        } catch (IOException e) {
            close(socket);
            return new Failed(e);
        }
    }

    /** Ends all attempts but one that connect has returned. */
    @Override
    public void close() {
        closed = true;
        trying.forEach(Addresses::close);
        trying.clear();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("Closing an attempt to connect: {}", e.toString());
        }
    }
}
