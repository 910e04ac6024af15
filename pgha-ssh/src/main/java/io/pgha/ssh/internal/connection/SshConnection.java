package io.pgha.ssh.internal.connection;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.net.Deadline;
import io.pgha.ssh.internal.channel.ExecChannel;
import io.pgha.ssh.internal.channel.ForwardChannel;
import io.pgha.ssh.internal.channel.RelayChannel;
import io.pgha.ssh.internal.channel.RootShell;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.ssh.internal.peer.Said;
import io.pgha.ssh.internal.peer.SshFailures;
import io.pgha.ssh.internal.socket.WatchedSocket;
import io.pgha.ssh.internal.socket.Workers;
import io.pgha.text.DurationText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection that is logged in. Thread-safe. */
final class SshConnection {
    private static final Logger log = LoggerFactory.getLogger(SshConnection.class);

    private static final String KEEP_ALIVE = "keepalive@openssh.com";

    /** How long a machine may take to say that it is there when it has closed a command's channel. */
    private static final Duration ANSWERING = Duration.ofSeconds(2);

    /**
     * OpenSSH allows ten sessions a connection by default, and commands must find room beside the relays: two for the
     * lane, of which one is just ending, and one that was given up.
     */
    private static final int RELAYS = 7;

    private final Peer peer;
    private final SSHClient client;
    private final WatchedSocket socket;
    private final ConnectionEnd ended;
    private final Workers workers;
    private final Semaphore relays = new Semaphore(RELAYS, true);
    private volatile String end = "";
    private int silences;

    SshConnection(Peer peer, SSHClient client, WatchedSocket socket, ConnectionEnd ended, Workers workers) {
        this.peer = peer;
        this.client = client;
        this.socket = socket;
        this.ended = ended;
        this.workers = workers;
    }

    Peer peer() {
        return peer;
    }

    boolean alive() {
        return end.isEmpty() && !socket.isClosed() && client.isConnected();
    }

    /** Reports that the connection broke before the command was sent, so that it may be sent on a new one. */
    static final class NotStarted extends Exception {
        private static final long serialVersionUID = 1L;

        private final HostException failure;
        private final boolean byServer;

        NotStarted(HostException failure, boolean byServer) {
            super(failure);
            this.failure = failure;
            this.byServer = byServer;
        }

        /** Returns whether the other side ended the connection, rather than this one for its silence. */
        boolean byServer() {
            return byServer;
        }

        HostException failure() {
            return failure;
        }
    }

    /**
     * Runs a command.
     *
     * @param way how to become root
     * @param password sudo's password, empty where it needs none
     * @param command what to run
     * @param deadline when to give up
     * @throws NotStarted when the connection turns out to be broken before anything was sent
     */
    CommandResult run(RootShell.Way way, String password, Command command, Deadline deadline)
            throws InterruptedException, NotStarted {
        byte[] before =
                way == RootShell.Way.SUDO_PASSWORD ? (password + "\n").getBytes(StandardCharsets.UTF_8) : new byte[0];
        RootShell.Call call = RootShell.call(way, command);
        ExecChannel channel = exec(call, before, command.output(), deadline);
        if (!channel.stdout().ready()) {
            throw SshFailures.shellRefused(
                    peer,
                    way,
                    Said.of(peer, noise(channel), call.line(), before, call.body()),
                    status(channel).orElse(-1),
                    password.isEmpty());
        }
        Optional<Integer> ended = status(channel);
        if (ended.isEmpty()) {
            throw unfinished();
        }
        int status = ended.get();
        String errors = channel.stderr().text();
        if (status == RootShell.INCOMPLETE && errors.endsWith(RootShell.CUT)) {
            throw errors.contains(RootShell.NOTHING_STARTS)
                    ? SshFailures.sudoNoExec(
                            peer, Said.of(peer, errors.replace(RootShell.CUT, ""), call.line(), before, call.body()))
                    : SshFailures.inputEaten(peer);
        }
        return new CommandResult(
                status, channel.stdout().text(), channel.stderr().text());
    }

    /**
     * Finds out how to become root.
     *
     * @param password sudo's password, or empty
     * @param deadline when to give up
     */
    RootShell.Way probe(String password, Deadline deadline) throws InterruptedException, NotStarted {
        RootShell.Call call = RootShell.probe(password);
        ExecChannel channel = exec(call, new byte[0], line -> {}, deadline);
        String text = channel.stdout().text();
        int mark = text.lastIndexOf('\u001e');
        if (!channel.stdout().ready() || mark < 0) {
            throw SshFailures.shellRefused(
                    peer,
                    RootShell.Way.ROOT,
                    Said.of(peer, noise(channel), call.line(), call.body()),
                    status(channel).orElse(-1),
                    password.isEmpty());
        }
        Said sudo = Said.of(peer, text.substring(0, mark), call.line(), call.body());
        return switch (RootShell.Answer.valueOf(text.substring(mark + 1))) {
            case ROOT -> RootShell.Way.ROOT;
            case SUDO -> RootShell.Way.SUDO;
            case SUDO_PASSWORD -> RootShell.Way.SUDO_PASSWORD;
            case NO_SUDO -> throw SshFailures.sudoMissing(peer);
            case SUDO_REFUSED -> throw SshFailures.sudoRefused(peer, sudo, password.isEmpty());
        };
    }

    private ExecChannel exec(RootShell.Call call, byte[] before, Consumer<String> lines, Deadline deadline)
            throws InterruptedException, NotStarted {
        ExecChannel channel = new ExecChannel(client.getConnection(), lines);
        // A write to a dead machine blocks for many minutes and knows no time limit: then the connection is closed
        // under it.
        Future<?> guard = workers.schedule(
                () -> {
                    if (socket.isWriting()) {
                        kill("a write was stuck for the whole " + DurationText.of(deadline.limit()));
                    }
                },
                deadline.remaining().plusMillis(500));
        boolean ended = false;
        try {
            channel.run(call, before, deadline);
            if (channel.tooLarge()) {
                throw SshFailures.outputTooLarge(peer);
            }
            ended = true;
            return channel;
        } catch (TimeoutException e) {
            throw SshFailures.timeout(peer, deadline, channel.getExitStatus() != null);
        } catch (ExecChannel.Refused e) {
            throw SshFailures.sessionRefused(peer, e);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (deadline.passed()) {
                throw SshFailures.timeout(peer, deadline, false);
            }
            HostException lost = lost(e);
            boolean byServer = end.isEmpty();
            // The thread that reads may not have noticed yet.
            kill("it broke");
            if (!channel.asked()) {
                throw new NotStarted(lost, byServer);
            }
            throw lost;
        } finally {
            guard.cancel(false);
            if (!ended) {
                // On another thread: on a stuck connection this blocks.
                workers.execute(channel::abandon);
            }
        }
    }

    private static String noise(ExecChannel channel) {
        return channel.stderr().noise() + "\n" + channel.stdout().noise();
    }

    private static Optional<Integer> status(SessionChannel channel) {
        if (channel.getExitSignal() != null) {
            return Optional.of(128 + number(channel.getExitSignal().name()));
        }
        return Optional.ofNullable(channel.getExitStatus());
    }

    /** Returns the number that a signal has on Linux. */
    private static int number(String signal) {
        return switch (signal.toUpperCase(Locale.ROOT)) {
            case "HUP" -> 1;
            case "INT" -> 2;
            case "QUIT" -> 3;
            case "ILL" -> 4;
            case "ABRT" -> 6;
            case "FPE" -> 8;
            case "KILL" -> 9;
            case "USR1" -> 10;
            case "SEGV" -> 11;
            case "USR2" -> 12;
            case "PIPE" -> 13;
            case "ALRM" -> 14;
            case "TERM" -> 15;
            default -> 127;
        };
    }

    /** Tells why a command has no exit status: its channel alone may have been closed. */
    private HostException unfinished() throws InterruptedException {
        SSHException cause = new SSHException("The channel closed without an exit status");
        return answers() ? SshFailures.channelClosed(peer, cause) : lost(cause);
    }

    /** Asks the machine whether it is there: one that goes down closes channels first, and then the connection. */
    private boolean answers() throws InterruptedException {
        try {
            return client.getConnection()
                            .sendGlobalRequest(KEEP_ALIVE, true, new byte[0])
                            .tryRetrieve(ANSWERING.toMillis(), TimeUnit.MILLISECONDS)
                    != null;
        } catch (SSHException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            // OpenSSH does not know the request, and says so.
            return alive();
        }
    }

    private HostException lost(Exception cause) {
        return SshFailures.connectionLost(peer, end, ended.causeOr(cause));
    }

    /**
     * Opens a channel to an address that the machine can reach.
     *
     * @throws IOException when the machine cannot reach it or does not allow it
     */
    ForwardChannel forward(String host, int port, Deadline deadline) throws IOException {
        ForwardChannel channel = new ForwardChannel(client.getConnection(), host, port);
        boolean opened = false;
        try {
            channel.open(deadline);
            opened = true;
            return channel;
        } catch (TransportException e) {
            kill("it broke");
            throw e;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /**
     * Starts a program that connects to an address that the machine can reach, when there is room for one.
     *
     * @param line the program's command line
     * @throws FarSide.Refused when the machine starts none
     * @throws IOException when the machine cannot reach the address, or the connection breaks
     */
    RelayChannel relay(String line, Deadline deadline) throws IOException, InterruptedException {
        if (!relays.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new FarSide.Refused(SshFailures.relaysTaken(peer, RELAYS, deadline));
        }
        RelayChannel channel = new RelayChannel(client.getConnection(), this::relayGone);
        boolean opened = false;
        try {
            channel.open(line, deadline);
            opened = true;
            return channel;
        } catch (ExecChannel.Refused e) {
            throw new FarSide.Refused(SshFailures.sessionRefused(peer, e));
        } catch (RelayChannel.NoProgram e) {
            throw new FarSide.Refused(SshFailures.relayImpossible(
                    peer, Said.of(peer, e.said(), line), status(channel).orElse(-1), e));
        } catch (SSHException e) {
            kill("it broke");
            throw e;
        } finally {
            if (!opened) {
                // On another thread: on a stuck connection this blocks.
                workers.execute(channel::close);
            }
        }
    }

    /**
     * Makes room for another relay when the server has done so: OpenSSH reads all that has come before it clears away a
     * session that ended, and refuses another one meanwhile. An answer tells that it is past that.
     */
    private void relayGone() {
        workers.execute(() -> {
            try {
                log.trace("{}: a relay ended, answered: {}", peer.node(), answers());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                relays.release();
            }
        });
    }

    /**
     * Called once each keep-alive interval: asks a silent machine whether it is there, gives up one that stays silent.
     */
    void watch(Duration interval, int count) {
        if (!alive()) {
            return;
        }
        if (socket.heardSinceLastAsked()) {
            silences = 0;
            return;
        }
        if (silences >= count) {
            kill("no answer for " + DurationText.of(interval.multipliedBy(silences)));
            return;
        }
        silences++;
        if (!socket.isWriting()) {
            workers.execute(this::ask);
        }
    }

    private void ask() {
        try {
            client.getConnection().sendGlobalRequest(KEEP_ALIVE, true, new byte[0]);
        } catch (SSHException e) {
            log.debug("{}: cannot ask {} whether it is there: {}", peer.node(), peer.place(), e.toString());
        }
    }

    /** Cuts the connection; whoever waits on it fails with this reason. Does not block. */
    void kill(String why) {
        if (end.isEmpty()) {
            end = why;
        }
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("{}: closing the connection to {}: {}", peer.node(), peer.place(), e.toString());
        }
    }

    /** Says good-bye and closes, at most until the deadline. */
    void close(Deadline deadline) {
        Future<?> goodBye = workers.submit(() -> {
            // Not by sshj's disconnect(), which ends the reader in silence: whoever begins to wait meanwhile would go
            // on.
            return client.getTransport()
                    .write(new SSHPacket(Message.DISCONNECT)
                            .putUInt32(DisconnectReason.BY_APPLICATION.toInt())
                            .putString("")
                            .putString(""));
        });
        try {
            goodBye.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            log.debug("{}: {} did not hear our good-bye: {}", peer.node(), peer.place(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kill("closed");
            join(deadline);
        }
    }

    private void join(Deadline deadline) {
        Thread reader = socket.reader().orElse(Thread.currentThread());
        if (reader == Thread.currentThread()) {
            return;
        }
        try {
            reader.join(deadline.remainingMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
