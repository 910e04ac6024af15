package io.pgha.ssh.internal.connection;

import io.pgha.ssh.internal.socket.WatchedSocket;
import java.io.IOException;
import java.util.Optional;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.transport.DisconnectListener;
import net.schmizz.sshj.transport.TransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why sshj's reader of a connection ended. By itself sshj tells all who wait, and closes the connection after that:
 * whoever begins to wait in between clears what was told, still sends, and waits for an answer that nobody will read.
 * Here the connection is closed before anybody is told: who sent earlier is told, and who comes later cannot send.
 */
final class ConnectionEnd implements DisconnectListener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionEnd.class);

    private final WatchedSocket socket;
    private volatile Optional<SSHException> cause = Optional.empty();

    private ConnectionEnd(WatchedSocket socket) {
        this.socket = socket;
    }

    /** Watches a connection that is not used yet. */
    static ConnectionEnd of(SSHClient client, WatchedSocket socket) {
        ConnectionEnd end = new ConnectionEnd(socket);
        client.getTransport().setDisconnectListener(end);
        // sshj's reader minds exceptions only.
        socket.whenReaderFails(
                error -> client.getTransport().die(new TransportException("The reader failed: " + error, error)));
        return end;
    }

    /** Returns why the reader ended, or where it has not, what somebody else met. */
    Exception causeOr(Exception met) {
        return cause.<Exception>map(why -> why).orElse(met);
    }

    /** Called by the reader, before it tells anybody else. */
    @Override
    public void notifyDisconnect(DisconnectReason reason, String message) {
        if (cause.isEmpty()) {
            cause = Optional.of(new TransportException(reason, message));
        }
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("Closing a connection that ended: {}", e.toString());
        }
    }
}
