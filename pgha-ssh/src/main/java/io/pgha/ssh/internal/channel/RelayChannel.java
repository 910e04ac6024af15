package io.pgha.ssh.internal.channel;

import io.pgha.net.Deadline;
import io.pgha.text.DurationText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.schmizz.concurrent.Event;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.ChannelInputStream;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;

/** A channel that comes out at a TCP address on the far side by {@link RelayProgram}. */
public final class RelayChannel extends SessionChannel implements FarEnd {
    private static final int LARGEST_NOISE = 64 * 1024;

    private final Runnable whenGone;
    private final Greeting greeting = new Greeting();
    private final Output errors = new Output(line -> {}, LARGEST_NOISE);
    private final ChannelSink sink = new ChannelSink(super::getOutputStream, () -> rwin.getSize());
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile Optional<SSHException> failure = Optional.empty();
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile Runnable whenClosed = () -> {};

    /** Reports that the server runs commands, and this one did not start. */
    public static final class NoProgram extends IOException {
        private static final long serialVersionUID = 1L;

        private final String said;

        NoProgram(String said) {
            super("The relay did not start");
            this.said = said;
        }

        /** Returns what came in place of the program's own words. */
        public String said() {
            return said;
        }
    }

    /**
     * Makes it; {@link #open} opens it.
     *
     * @param whenGone what to do, once, when the server may have another session in its place
     */
    public RelayChannel(Connection connection, Runnable whenGone) {
        super(connection, StandardCharsets.UTF_8);
        this.whenGone = whenGone;
    }

    /** Returns the command line of a relay; an {@link IllegalArgumentException} where the address is none. */
    public static String line(String host, int port) {
        return RelayProgram.line(host, port);
    }

    /**
     * Starts the program and waits until it is connected.
     *
     * @throws NoProgram when the program does not start
     * @throws ExecChannel.Refused when the server starts none
     * @throws SSHException when the connection breaks
     * @throws IOException when the address is not reached
     */
    public void open(String line, Deadline deadline) throws IOException, InterruptedException {
        trans.write(buildOpenReq());
        await(opened, deadline);
        checkOpened();
        Event<ConnectionException> answer = sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(line));
        await(answered, deadline);
        if (greeting.ready()) {
            return;
        }
        throwFailure();
        if (answer.inError()) {
            throw new ExecChannel.Refused("it runs no command");
        }
        throw errors.ready()
                ? new ConnectException(errors.text())
                : new NoProgram(errors.noise() + "\n" + greeting.noise());
    }

    private void await(CountDownLatch latch, Deadline deadline) throws IOException, InterruptedException {
        if (!latch.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new SocketTimeoutException("not connected within " + DurationText.of(deadline.limit()));
        }
    }

    private void checkOpened() throws IOException {
        throwFailure();
        try {
            openEvent.await(1, TimeUnit.MILLISECONDS);
        } catch (ConnectionException refusal) {
            throw new ExecChannel.Refused("it opens no session: " + refusal.getMessage());
        }
    }

    private void throwFailure() throws SSHException {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public OutputStream getOutputStream() {
        return sink;
    }

    @Override
    public boolean isFresh() {
        return isOpen() && !ended;
    }

    @Override
    public void whenClosed(Runnable action) {
        whenClosed = action;
        if (closeEvent.isSet()) {
            action.run();
        }
    }

    @Override
    public void close() {
        abandoned = true;
        sink.end();
        try {
            if (isOpen()) {
                sendClose();
            }
        } catch (TransportException broken) {
            log.debug("Closing a channel of a broken connection: {}", broken.toString());
        }
    }

    // What follows is called by sshj's reader.

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        super.handle(message, packet);
        sink.look();
        if (message == Message.CHANNEL_OPEN_CONFIRMATION) {
            opened.countDown();
            if (abandoned) {
                sendClose();
            }
        }
        if (message == Message.CHANNEL_FAILURE || greeting.ready()) {
            answered.countDown();
        }
    }

    @Override
    protected void receiveInto(ChannelInputStream stream, SSHPacket packet) throws SSHException {
        if (stream == getInputStream() && greeting.ready()) {
            super.receiveInto(stream, packet);
            return;
        }
        int length = packet.readUInt32AsInt();
        if (length < 0 || length > packet.available() || length > getLocalMaxPacketSize()) {
            throw new ConnectionException(DisconnectReason.PROTOCOL_ERROR, "Bad item length: " + length);
        }
        int start = packet.rpos();
        int end = start + length;
        if (stream != getInputStream()) {
            errors.add(packet.array(), start, length);
            taken(length);
            return;
        }
        int rest = greeting.take(packet.array(), start, end);
        taken(rest - start);
        if (greeting.length() > LARGEST_NOISE) {
            sendClose();
        } else if (rest < end) {
            stream.receive(packet.array(), rest, end - rest);
        }
    }

    private void taken(int length) throws SSHException {
        synchronized (lwin) {
            lwin.consume(length);
            long more = lwin.neededAdjustment();
            if (more > 0) {
                trans.write(newBuffer(Message.CHANNEL_WINDOW_ADJUST).putUInt32(more));
                lwin.expand(more);
            }
        }
    }

    @Override
    protected void eofInputStreams() {
        ended = true;
        super.eofInputStreams();
    }

    @Override
    public void notifyError(SSHException error) {
        failure = Optional.of(error);
        super.notifyError(error);
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        sink.end();
        opened.countDown();
        answered.countDown();
        if (!gone.getAndSet(true)) {
            whenGone.run();
        }
        whenClosed.run();
    }
}
