package io.pgha.ssh.internal.connection;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.RemoteHost;
import io.pgha.host.Tunnel;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.net.HostPort;
import io.pgha.secret.Secret;
import io.pgha.ssh.SshAuthenticationException;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.SshOptions;
import io.pgha.ssh.internal.channel.FarEnd;
import io.pgha.ssh.internal.channel.RelayChannel;
import io.pgha.ssh.internal.channel.RootShell;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.ssh.internal.peer.SshFailures;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.connection.channel.OpenFailException;

/** A machine: its one connection, opened again when it dropped, and its one lane. Thread-safe. */
final class SshHost implements RemoteHost {
    private final Node node;
    private final SshTransport transport;
    private final Peer peer;
    private final String sudoPassword;
    private final ReentrantLock lane = new ReentrantLock(true);
    private final Reconnecting connection;
    private final List<SshTunnel> tunnels = new CopyOnWriteArrayList<>();
    private volatile Optional<RootShell.Way> way;

    SshHost(Node node, SshOptions options, SshTransport transport) {
        this.node = node;
        this.transport = transport;
        this.peer = Peer.of(node, options);
        this.sudoPassword = options.sudoPassword()
                .or(() -> firstPassword(options))
                .map(Secret::reveal)
                .orElse("");
        this.connection = new Reconnecting(peer, transport);
        this.way = peer.user().equals("root") ? Optional.of(RootShell.Way.ROOT) : Optional.empty();
    }

    private static Optional<Secret> firstPassword(SshOptions options) {
        return options.credentials().stream()
                .filter(SshCredential.Password.class::isInstance)
                .map(credential -> ((SshCredential.Password) credential).secret())
                .findFirst();
    }

    @Override
    public String toString() {
        return node.name() + " at " + peer.place();
    }

    @Override
    public Node node() {
        return node;
    }

    /** Connects, and finds out how to become root, where that has not happened yet. */
    void connect() throws InterruptedException {
        // Apart from the time to connect: a file that does not answer is no machine that does not.
        transport.readKeys(peer);
        Deadline deadline = Deadline.in(transport.options().connectTimeout());
        connection.get(deadline);
        if (way.isEmpty()) {
            Deadline probing = Deadline.in(transport.options().connectTimeout());
            inLane(probing, () -> onConnection(probing, this::way));
        }
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        Deadline deadline = Deadline.in(command.timeout());
        return inLane(deadline, () -> onConnection(deadline, open -> run(open, command, deadline)));
    }

    private CommandResult run(SshConnection open, Command command, Deadline deadline)
            throws InterruptedException, SshConnection.NotStarted {
        RootShell.Way becoming = way(open);
        try {
            return open.run(becoming, sudoPassword, command, deadline);
        } catch (SshAuthenticationException e) {
            // Somebody changed what sudo allows: the next call finds out anew.
            if (becoming != RootShell.Way.ROOT) {
                way = Optional.empty();
            }
            throw e;
        }
    }

    private RootShell.Way way(SshConnection open) throws InterruptedException, SshConnection.NotStarted {
        if (way.isEmpty()) {
            way = Optional.of(
                    open.probe(sudoPassword, Deadline.in(transport.options().connectTimeout())));
        }
        return way.get();
    }

    private interface InLane<T> {
        T run() throws InterruptedException;
    }

    private interface OnConnection<T> {
        T run(SshConnection open) throws InterruptedException, SshConnection.NotStarted;
    }

    private <T> T inLane(Deadline deadline, InLane<T> action) throws InterruptedException {
        if (!lane.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw SshFailures.laneTimeout(peer, deadline);
        }
        try {
            return action.run();
        } finally {
            lane.unlock();
        }
    }

    /** Uses the connection; one that turns out to be broken before anything was sent is opened again, once. */
    private <T> T onConnection(Deadline deadline, OnConnection<T> action) throws InterruptedException {
        try {
            return action.run(connection.get(deadline));
        } catch (SshConnection.NotStarted stale) {
            try {
                return action.run(connection.get(deadline));
            } catch (SshConnection.NotStarted again) {
                throw again.byServer() ? SshFailures.closedAtOnce(peer, again.failure()) : again.failure();
            }
        }
    }

    @Override
    public Tunnel forward(String host, int port) throws InterruptedException {
        connect();
        return tunnel(host, port, () -> forwarded(host, port));
    }

    private FarEnd forwarded(String host, int port) throws IOException, InterruptedException {
        try {
            return connection.forward(host, port, connecting());
        } catch (OpenFailException e) {
            throw e.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED
                    ? new FarSide.Refused(SshFailures.forwardingForbidden(peer, new HostPort(host, port), e))
                    : e;
        }
    }

    @Override
    public Tunnel relay(String host, int port) throws InterruptedException {
        String line = RelayChannel.line(host, port);
        connect();
        return tunnel(host, port, () -> relayed(line));
    }

    private FarEnd relayed(String line) throws IOException, InterruptedException {
        Deadline deadline = connecting();
        return connection.channel(deadline, open -> open.relay(line, deadline));
    }

    private Deadline connecting() {
        return Deadline.in(transport.options().connectTimeout());
    }

    private Tunnel tunnel(String host, int port, FarSide far) throws InterruptedException {
        SshTunnel tunnel = SshTunnel.open(this, host, port, far, first(far), transport);
        tunnels.add(tunnel);
        return tunnel;
    }

    /**
     * Opens the channel of a tunnel's first connection before there is one: whether the machine allows tunnels is known
     * to the caller then, who would see only connections that end.
     */
    private static Optional<FarEnd> first(FarSide far) throws InterruptedException {
        try {
            return Optional.of(far.open());
        } catch (FarSide.Refused e) {
            throw e.failure();
        } catch (IOException e) {
            // Nobody serves there at this moment, which whoever connects is to see.
            return Optional.empty();
        }
    }

    void closed(SshTunnel tunnel) {
        tunnels.remove(tunnel);
    }

    void watch() {
        connection.watch();
    }

    void close(Deadline deadline) {
        tunnels.forEach(SshTunnel::close);
        connection.close(deadline);
    }
}
