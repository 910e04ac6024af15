package io.pgha.ssh.internal.connection;

import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.ssh.SshOptions;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.ssh.internal.socket.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SSH transport. */
public final class SshTransport implements Transport {
    private static final Logger log = LoggerFactory.getLogger(SshTransport.class);
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final SshOptions options;
    private final Workers workers = new Workers();
    private final Connector connector;
    private final Map<Node, SshHost> hosts = new ConcurrentHashMap<>();
    private final Optional<Reconnecting> jump;
    private final AtomicBoolean closed = new AtomicBoolean();

    public SshTransport(SshOptions options) {
        this.options = options;
        this.connector = new Connector(options, workers);
        this.jump = options.jump().map(through -> new Reconnecting(Peer.jump(through, options), this));
        workers.every(options.keepAliveInterval(), this::watch);
    }

    SshOptions options() {
        return options;
    }

    Workers workers() {
        return workers;
    }

    static HostException closed() {
        return HostException.closed();
    }

    @Override
    public String toString() {
        return "SSH as " + options.user() + (isClosed() ? ", closed" : "");
    }

    boolean isClosed() {
        return closed.get();
    }

    void checkOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    @Override
    public RemoteHost connect(Node node) throws InterruptedException {
        checkOpen();
        SshHost host = hosts.computeIfAbsent(node, missing -> new SshHost(missing, options, this));
        host.connect();
        return host;
    }

    /** Reads the private keys that a connection may need, of the jump host, too. */
    void readKeys(Peer peer) throws InterruptedException {
        if (jump.isPresent()) {
            connector.readKeys(jump.get().peer(), options.connectTimeout());
        }
        connector.readKeys(peer, options.connectTimeout());
    }

    /** Opens a connection, through the jump host where there is one. */
    SshConnection open(Peer peer, Deadline deadline) throws InterruptedException {
        try {
            return openNow(peer, deadline);
        } catch (HostException e) {
            // Closing breaks attempts off, which look like failures of the network.
            checkOpen();
            throw e;
        }
    }

    private SshConnection openNow(Peer peer, Deadline deadline) throws InterruptedException {
        if (jump.isEmpty() || peer.isJump()) {
            return connector.connect(peer, Optional.empty(), deadline);
        }
        // Here already, so that what is wrong with the jump host is said as such.
        Peer through = jump.get().get(deadline).peer();
        return connector.connect(peer, Optional.of(new Connector.Via(jump.get(), through)), deadline);
    }

    private void watch() {
        jump.ifPresent(Reconnecting::watch);
        hosts.values().forEach(SshHost::watch);
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        Deadline deadline = Deadline.in(CLOSING);
        connector.abort();
        List.copyOf(hosts.values()).stream()
                .map(host -> workers.submit(() -> {
                    host.close(deadline.atMost(CLOSING.dividedBy(3)));
                    return host;
                }))
                .toList()
                .forEach(closing -> await(closing, deadline));
        jump.ifPresent(through -> through.close(deadline.atMost(CLOSING.dividedBy(3))));
        workers.close(deadline);
    }

    private static void await(Future<?> closing, Deadline deadline) {
        try {
            closing.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("A connection did not close in order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
