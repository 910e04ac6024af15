package io.pgha.ssh.internal.connection;

import io.pgha.net.Deadline;
import io.pgha.ssh.internal.channel.ForwardChannel;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.ssh.internal.peer.SshFailures;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The one connection to a server, opened when it is needed and again when it has dropped. Thread-safe. */
public final class Reconnecting {
    private final Peer peer;
    private final SshTransport transport;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile Optional<SshConnection> current = Optional.empty();

    Reconnecting(Peer peer, SshTransport transport) {
        this.peer = peer;
        this.transport = transport;
    }

    Peer peer() {
        return peer;
    }

    /**
     * Returns a connection that is alive as far as is known.
     *
     * @param deadline when to give up, where the options do not say so earlier
     */
    SshConnection get(Deadline deadline) throws InterruptedException {
        Optional<SshConnection> alive = current.filter(SshConnection::alive);
        if (alive.isPresent()) {
            transport.checkOpen();
            return alive.get();
        }
        Deadline sooner = deadline.atMost(transport.options().connectTimeout());
        if (!connecting.tryLock(sooner.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw SshFailures.noAnswer(peer, sooner.limit());
        }
        try {
            transport.checkOpen();
            Optional<SshConnection> meanwhile = current.filter(SshConnection::alive);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            current.ifPresent(dropped -> dropped.kill("dropped"));
            SshConnection opened = transport.open(peer, sooner);
            current = Optional.of(opened);
            if (transport.isClosed()) {
                // Closed meanwhile: close() may have missed this one.
                opened.kill("closed");
                throw SshTransport.closed();
            }
            return opened;
        } finally {
            connecting.unlock();
        }
    }

    /** Opens a channel on a connection. */
    interface Opening<C> {
        C on(SshConnection open) throws IOException, InterruptedException;
    }

    /**
     * Opens a channel; on a new connection, if this one turns out to be broken.
     *
     * @throws IOException when the server does not open it
     */
    <C> C channel(Deadline deadline, Opening<C> opening) throws IOException, InterruptedException {
        SshConnection open = get(deadline);
        try {
            return opening.on(open);
        } catch (IOException e) {
            if (open.alive()) {
                throw e;
            }
            return opening.on(get(deadline));
        }
    }

    /**
     * Opens a channel to an address that the server can reach; on a new connection, if this one turns out to be broken.
     *
     * @throws IOException when the server cannot reach it or does not allow it
     */
    ForwardChannel forward(String host, int port, Deadline deadline) throws IOException, InterruptedException {
        return channel(deadline, open -> open.forward(host, port, deadline));
    }

    void watch() {
        current.ifPresent(open -> open.watch(
                transport.options().keepAliveInterval(), transport.options().keepAliveCount()));
    }

    void close(Deadline deadline) {
        current.ifPresent(open -> open.close(deadline));
    }
}
