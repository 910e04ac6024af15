package io.pgha.ssh.internal.channel;

import io.pgha.net.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.transport.TransportException;

/** A channel that comes out at a TCP address on the far side. */
public final class ForwardChannel extends DirectConnection implements FarEnd {
    private final ChannelSink sink = new ChannelSink(super::getOutputStream, () -> rwin.getSize());
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile Runnable whenClosed = () -> {};

    public ForwardChannel(Connection connection, String host, int port) {
        super(connection, host, port);
    }

    /** Opens it, or fails at the deadline. */
    public void open(Deadline deadline) throws IOException {
        trans.write(buildOpenReq());
        openEvent.await(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
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
    protected void eofInputStreams() {
        ended = true;
        super.eofInputStreams();
    }

    @Override
    protected void finishOff() {
        super.finishOff();
        sink.end();
        whenClosed.run();
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        super.handle(message, packet);
        sink.look();
        if (abandoned && message == Message.CHANNEL_OPEN_CONFIRMATION) {
            sendClose();
        }
    }
}
