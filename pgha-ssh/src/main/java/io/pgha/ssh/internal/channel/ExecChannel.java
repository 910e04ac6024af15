package io.pgha.ssh.internal.channel;

import io.pgha.net.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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

/**
 * The channel of one command. sshj's own session needs a thread for each output, waits for the answer to "exec" before
 * it sends input, and cannot be waited for with a deadline; here output is kept by the thread that receives it, input
 * follows at once, and the caller waits for all that may happen in one place.
 */
public final class ExecChannel extends SessionChannel {
    private static final int LARGEST_OUTPUT = 64 * 1024 * 1024;

    private final Object changed = new Object();
    private final Object sending = new Object();
    private final Output stdout;
    private final Output stderr;
    private boolean abandoned;
    private boolean closeSent;
    private boolean asked;
    private boolean closed;
    private Optional<SSHException> failure = Optional.empty();

    /** Reports that the server, which is well otherwise, does not do what it is asked. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    public ExecChannel(Connection connection, Consumer<String> lines) {
        super(connection, StandardCharsets.UTF_8);
        this.stdout = new Output(lines, LARGEST_OUTPUT);
        this.stderr = new Output(lines, LARGEST_OUTPUT);
    }

    /**
     * Runs one command to its end.
     *
     * @param call what to run and send
     * @param before what to send before the call's body, such as a password; may be empty
     * @param deadline when to give up
     * @throws TimeoutException when the deadline passes; the channel is then still open
     * @throws IOException when the connection breaks or the server refuses
     */
    public void run(RootShell.Call call, byte[] before, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        trans.write(buildOpenReq());
        await(deadline, openEvent::isSet);
        if (finished()) {
            throw broken().orElseGet(() -> new Refused("it opens no session" + reason()));
        }
        Event<ConnectionException> answer;
        synchronized (changed) {
            asked = true;
        }
        answer = sendChannelRequest("exec", true, new Buffer.PlainBuffer().putString(call.line()));
        send(before, deadline);
        if (call.waitReady()) {
            await(deadline, () -> stdout.ready() || answer.inError());
        }
        send(call.body(), deadline);
        // Through sshj's stream, which would send a second end otherwise.
        getOutputStream().close();
        await(deadline, () -> answer.inError() || tooLarge());
        if (finished() && broken().isPresent()) {
            throw broken().get();
        }
        if (answer.inError()) {
            throw new Refused("it runs no command");
        }
        stdout.end();
        stderr.end();
    }

    /** Returns whether the command printed more than is kept; then it was not waited for. */
    public boolean tooLarge() {
        return stdout.tooLarge() || stderr.tooLarge();
    }

    /** Returns whether the command may have been started. */
    public boolean asked() {
        synchronized (changed) {
            return asked;
        }
    }

    public Output stdout() {
        return stdout;
    }

    public Output stderr() {
        return stderr;
    }

    /**
     * Closes the channel without waiting; also one whose opening is still on its way. May block on a stuck connection.
     */
    public void abandon() {
        boolean open;
        synchronized (changed) {
            abandoned = true;
            open = openEvent.isSet();
        }
        try {
            if (open) {
                sendClose();
            }
        } catch (TransportException broken) {
            log.debug("Closing a channel of a broken connection: {}", broken.toString());
        }
    }

    private interface Condition {
        boolean holds();
    }

    /** Waits until the condition holds or nothing more will come. */
    private void await(Deadline deadline, Condition condition) throws InterruptedException, TimeoutException {
        synchronized (changed) {
            while (!closed && failure.isEmpty() && !condition.holds()) {
                long nanos = deadline.remaining().toNanos();
                if (nanos == 0) {
                    throw new TimeoutException();
                }
                TimeUnit.NANOSECONDS.timedWait(changed, nanos);
            }
        }
    }

    private void send(byte[] bytes, Deadline deadline) throws IOException, InterruptedException, TimeoutException {
        int sent = 0;
        while (sent < bytes.length) {
            await(deadline, () -> rwin.getSize() > 0);
            synchronized (sending) {
                // A command may end before it has read its input.
                if (finished() || closeSent) {
                    return;
                }
                int length = (int) Math.min(bytes.length - sent, Math.min(rwin.getSize(), rwin.getMaxPacketSize()));
                trans.write(newBuffer(Message.CHANNEL_DATA).putUInt32(length).putRawBytes(bytes, sent, length));
                rwin.consume(length);
                sent += length;
            }
        }
    }

    private boolean finished() {
        synchronized (changed) {
            return closed || failure.isPresent();
        }
    }

    /** Returns what broke the connection, if anything did. */
    private Optional<IOException> broken() {
        synchronized (changed) {
            return failure.map(error -> error);
        }
    }

    private String reason() {
        try {
            openEvent.await(1, TimeUnit.MILLISECONDS);
            return "";
        } catch (ConnectionException refusal) {
            return ": " + refusal.getMessage();
        }
    }

    // What follows is called by sshj's reader.

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        super.handle(message, packet);
        boolean unwanted;
        synchronized (changed) {
            unwanted = abandoned && message == Message.CHANNEL_OPEN_CONFIRMATION;
            changed.notifyAll();
        }
        if (unwanted) {
            sendClose();
        }
    }

    @Override
    protected void receiveInto(ChannelInputStream stream, SSHPacket packet) throws SSHException {
        int length = packet.readUInt32AsInt();
        if (length < 0 || length > packet.available() || length > getLocalMaxPacketSize()) {
            throw new ConnectionException(DisconnectReason.PROTOCOL_ERROR, "Bad item length: " + length);
        }
        Output output = stream == getInputStream() ? stdout : stderr;
        output.add(packet.array(), packet.rpos(), length);
        lwin.consume(length);
        long more = lwin.neededAdjustment();
        if (more > 0) {
            trans.write(newBuffer(Message.CHANNEL_WINDOW_ADJUST).putUInt32(more));
            lwin.expand(more);
        }
    }

    /** Keeps data from being sent after the end: OpenSSH drops the connection for it. */
    @Override
    protected void sendClose() throws TransportException {
        synchronized (sending) {
            closeSent = true;
            super.sendClose();
        }
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        synchronized (changed) {
            closed = true;
            changed.notifyAll();
        }
    }

    @Override
    public void notifyError(SSHException error) {
        synchronized (changed) {
            failure = Optional.of(error);
        }
        super.notifyError(error);
    }
}
