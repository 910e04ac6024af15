package io.pgha.ssh.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.net.Deadline;
import io.pgha.ssh.MinaServer;
import io.pgha.ssh.ShellContract;
import io.pgha.ssh.internal.channel.ExecChannel;
import io.pgha.ssh.internal.channel.ForwardChannel;
import io.pgha.ssh.internal.channel.RootShell;
import io.pgha.ssh.internal.socket.WatchedSocket;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.Service;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.transport.verification.PromiscuousVerifier;
import net.schmizz.sshj.userauth.method.AuthNone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

/**
 * Stops sshj's reader at its end, when it has told everybody who waits and not yet closed the connection, and has
 * somebody begin to wait right then.
 */
@Timeout(60)
public class ConnectionEndTest {
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch others = new CountDownLatch(1);

    private MinaServer server;

    @BeforeEach
    void start() {
        server = new MinaServer();
        server.sshd.setPasswordAuthenticator((user, password, session) -> true);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** A connection of which sshj says in its log where it is, and can be stopped there. */
    private final class Stopping implements LoggerFactory {
        private final Socket socket;
        private final WatchedSocket watched;
        private final SSHClient client;

        Stopping(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            watched = new WatchedSocket(socket.getInputStream(), socket.getOutputStream(), socket, port, "reader");
            QuickConfig config = new QuickConfig();
            config.setLoggerFactory(this);
            client = new SSHClient(config);
            client.setSocketFactory(new Connector.Fixed(watched));
            client.addHostKeyVerifier(new PromiscuousVerifier());
            client.getTransport().setTimeoutMs(Integer.MAX_VALUE);
            client.getConnection().setTimeoutMs(Integer.MAX_VALUE);
        }

        /** Ends the connection for the reader only, and waits until it has told everybody. */
        void end() throws IOException, InterruptedException {
            socket.shutdownInput();
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public Logger getLogger(Class<?> type) {
            return getLogger(type.getName());
        }

        @Override
        public Logger getLogger(String name) {
            return (Logger) Proxy.newProxyInstance(
                    Stopping.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("debug")) {
                            said((String) arguments[0]);
                        }
                        return method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                    });
        }

        private void said(String what) throws IOException, InterruptedException {
            if (Thread.currentThread().getName().equals("reader") && what.equals(stop)) {
                told.countDown();
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            } else if (what.equals("Initiating key exchange") && endsBeforeTheHandshake) {
                end();
            } else if (what.startsWith("Awaiting <<") && told.getCount() == 0) {
                others.countDown();
            }
        }
    }

    /** Where the reader stops; by default when it has told those who wait for the handshake or for a service. */
    private volatile String stop = "Notified of {}";

    private boolean endsBeforeTheHandshake;

    private void failsAtOnce(Callable<?> waiting) {
        assertThat(ShellContract.async(() -> {
                    try {
                        return waiting.call();
                    } finally {
                        others.countDown();
                    }
                }))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(IOException.class);
    }

    private Stopping connected() throws IOException {
        Stopping connection = new Stopping(server.port());
        ConnectionEnd unused = ConnectionEnd.of(connection.client, connection.watched);
        connection.client.connect("0.0.0.0", server.port());
        return connection;
    }

    @Test
    void whoBeginsTheHandshake() throws Exception {
        endsBeforeTheHandshake = true;
        try (ServerSocket greeting = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Stopping connection = new Stopping(greeting.getLocalPort());
            ConnectionEnd end = ConnectionEnd.of(connection.client, connection.watched);
            try (Socket accepted = greeting.accept()) {
                accepted.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                failsAtOnce(() -> {
                    connection.client.connect("0.0.0.0", 22);
                    return true;
                });
            }
            assertThat(end.causeOr(new IOException("unknown"))).hasMessageContaining("EOF");
        }
    }

    @Test
    void whoBeginsToLogIn() throws Exception {
        Stopping connection = connected();
        connection.end();
        failsAtOnce(() -> connection
                .client
                .getUserAuth()
                .authenticate("root", (Service) connection.client.getConnection(), new AuthNone(), Integer.MAX_VALUE));
    }

    @Test
    void whoOpensAChannel() throws Exception {
        Stopping connection = connected();
        connection.client.authPassword("root", "any");
        stop = "Setting active service to {}"; // then it has told the channels, too
        connection.end();
        Deadline deadline = Deadline.in(Duration.ofSeconds(50));
        failsAtOnce(() -> {
            new ForwardChannel(connection.client.getConnection(), "127.0.0.1", server.port()).open(deadline);
            return true;
        });
    }

    @Test
    void whoRunsACommand() throws Exception {
        Stopping connection = connected();
        connection.client.authPassword("root", "any");
        stop = "Setting active service to {}"; // then it has told the channels, too
        connection.end();
        Deadline deadline = Deadline.in(Duration.ofSeconds(50));
        failsAtOnce(() -> {
            new ExecChannel(connection.client.getConnection(), line -> {})
                    .run(RootShell.probe(""), new byte[0], deadline);
            return true;
        });
    }

    /** sshj's reader minds exceptions only; an error would end it without a word. */
    @Test
    void whoWaitsWhileTheReaderFailsWithAnError() throws Exception {
        Stopping connection = new Stopping(server.port());
        ConnectionEnd end = ConnectionEnd.of(connection.client, connection.watched);
        connection.client.addAlgorithmsVerifier(negotiated -> {
            throw new NoClassDefFoundError("a/Cipher");
        });
        others.countDown();
        failsAtOnce(() -> {
            connection.client.connect("0.0.0.0", server.port());
            return true;
        });
        assertThat(end.causeOr(new IOException("unknown"))).hasMessageContaining("a/Cipher");
    }
}
