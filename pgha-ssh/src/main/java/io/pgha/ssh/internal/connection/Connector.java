package io.pgha.ssh.internal.connection;

import io.pgha.host.HostException;
import io.pgha.net.Deadline;
import io.pgha.ssh.SshAuthenticationException;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.SshOptions;
import io.pgha.ssh.internal.channel.ForwardChannel;
import io.pgha.ssh.internal.key.HostKeyCheck;
import io.pgha.ssh.internal.key.JvmProviders;
import io.pgha.ssh.internal.key.KeyFiles;
import io.pgha.ssh.internal.key.SignedKeyAuth;
import io.pgha.ssh.internal.peer.LogInFailures;
import io.pgha.ssh.internal.peer.Peer;
import io.pgha.ssh.internal.peer.SshFailures;
import io.pgha.ssh.internal.socket.Addresses;
import io.pgha.ssh.internal.socket.QuickAckStream;
import io.pgha.ssh.internal.socket.WatchedSocket;
import io.pgha.ssh.internal.socket.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.SocketFactory;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections and logs in; every failure leaves here as a {@link HostException}. Thread-safe. */
final class Connector {
    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    /** Passed where sshj wants a host: it would look a name up again, for nothing but the name of a thread. */
    private static final String NO_NAME = "0.0.0.0";

    private final SshOptions options;
    private final Workers workers;
    private final KeyFiles keys = new KeyFiles();
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();

    Connector(SshOptions options, Workers workers) {
        this.options = options;
        this.workers = workers;
    }

    /**
     * What a connection goes through.
     *
     * @param connection the connection to the jump host
     * @param peer the jump host
     */
    record Via(Reconnecting connection, Peer peer) {}

    /**
     * Connects and logs in.
     *
     * @param peer where to
     * @param via what the connection goes through, or empty
     * @param deadline when to give up
     * @throws HostException when it fails
     * @throws InterruptedException when the caller is interrupted; the attempt is broken off
     */
    SshConnection connect(Peer peer, Optional<Via> via, Deadline deadline) throws InterruptedException {
        Attempt attempt = new Attempt();
        attempts.add(attempt);
        long start = System.nanoTime();
        boolean connected = false;
        try {
            Future<SshConnection> connecting = workers.submit(() -> open(peer, via, attempt, deadline));
            SshConnection connection = connecting.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            connected = true;
            log.debug(
                    "{}: logged in at {} as {} after {} ms",
                    peer.node(),
                    peer.place(),
                    peer.user(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            return connection;
        } catch (TimeoutException e) {
            throw attempt.phase()
                    .map(phase -> SshFailures.logInTimeout(peer, phase, deadline.limit()))
                    .orElseGet(() -> SshFailures.noAnswer(peer, deadline.limit()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HostException failure) {
                throw failure;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw SshTransport.closed();
            }
            throw new IllegalStateException(
                    "Connecting to " + peer.place() + " failed in an unforeseen way", e.getCause());
        } catch (RejectedExecutionException e) {
            throw SshTransport.closed();
        } finally {
            attempts.remove(attempt);
            if (!connected) {
                attempt.abort();
            }
        }
    }

    /**
     * Reads a peer's private keys, so that this takes no time of its log-in.
     *
     * @param limit how long all of them may take
     * @throws SshAuthenticationException when they take longer, or the one that is needed first cannot be read; what is
     *     wrong with others is said when they are needed
     */
    void readKeys(Peer peer, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        for (SshCredential credential : peer.credentials()) {
            if (credential instanceof SshCredential.PrivateKey file && !keys.has(file)) {
                readKey(peer, file, deadline);
            }
        }
    }

    private void readKey(Peer peer, SshCredential.PrivateKey file, Deadline deadline) throws InterruptedException {
        try {
            workers.submit(() -> keys.get(peer, file)).get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw KeyFiles.slow(peer, file, deadline.limit());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HostException failure
                    && file.equals(peer.credentials().get(0))) {
                throw failure;
            }
            log.debug("{}: the key {} is of no use: {}", peer.node(), file.file(), String.valueOf(e.getCause()));
        } catch (RejectedExecutionException e) {
            throw SshTransport.closed();
        }
    }

    /** Breaks off all that is under way. */
    void abort() {
        attempts.forEach(Attempt::abort);
    }

    private SshConnection open(Peer peer, Optional<Via> via, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        WatchedSocket socket = via.isPresent()
                ? openThrough(via.get(), peer, attempt, deadline)
                : openDirectly(peer, attempt, deadline);
        attempt.enters("the SSH handshake");
        SSHClient client = new SSHClient(new QuickConfig());
        ConnectionEnd end = ConnectionEnd.of(client, socket);
        HostKeyCheck check = new HostKeyCheck(peer, options);
        client.addHostKeyVerifier(check);
        client.addAlgorithmsVerifier(negotiated -> {
            if (negotiated.getSignatureAlgorithm().startsWith("ecdsa-")
                    || negotiated.getClient2ServerCipherAlgorithm().startsWith("chacha20-")
                    || negotiated.getServer2ClientCipherAlgorithm().startsWith("chacha20-")) {
                JvmProviders.needBouncyCastle();
            }
            return true;
        });
        client.setSocketFactory(new Fixed(socket));
        client.getTransport().setTimeoutMs(Integer.MAX_VALUE);
        client.getConnection().setTimeoutMs(Integer.MAX_VALUE);
        try {
            client.connect(NO_NAME, peer.port());
        } catch (IOException | IllegalStateException e) {
            // The reader may meet the end before sshj looks, which then says "Not connected": the reader knows why.
            Exception cause = end.causeOr(e);
            attempt.abort();
            throw check.refusal()
                    .<HostException>map(refusal -> refusal)
                    .orElseGet(() -> SshFailures.handshake(peer, insteadOfGreeting(socket), cause));
        }
        attempt.enters("the log-in of user " + peer.user());
        boolean loggedIn = false;
        try {
            logIn(peer, client, end);
            loggedIn = true;
        } finally {
            if (!loggedIn) {
                attempt.abort();
            }
        }
        return new SshConnection(peer, client, socket, end, workers);
    }

    private static String insteadOfGreeting(WatchedSocket socket) {
        return socket.greeting().contains("SSH-") ? "" : socket.greeting().strip();
    }

    private WatchedSocket openDirectly(Peer peer, Attempt attempt, Deadline deadline) throws InterruptedException {
        try {
            Addresses addresses = new Addresses(List.of(InetAddress.getAllByName(peer.host())), peer.port(), workers);
            attempt.holds(addresses);
            Socket socket = addresses.connect(deadline);
            attempt.holds(socket);
            return watched(socket, peer);
        } catch (IOException e) {
            throw SshFailures.unreachable(peer, e, deadline.limit());
        }
    }

    private static WatchedSocket watched(Socket socket, Peer peer) throws IOException {
        return new WatchedSocket(
                QuickAckStream.of(socket), socket.getOutputStream(), socket, peer.port(), readerName(peer));
    }

    private static WatchedSocket openThrough(Via via, Peer peer, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        try {
            ForwardChannel channel = via.connection().forward(peer.host(), peer.port(), deadline);
            attempt.holds(channel);
            return new WatchedSocket(
                    channel.getInputStream(), channel.getOutputStream(), channel, peer.port(), readerName(peer));
        } catch (OpenFailException e) {
            throw e.getReason() == OpenFailException.Reason.ADMINISTRATIVELY_PROHIBITED
                    ? SshFailures.jumpForbids(peer, via.peer(), e)
                    : SshFailures.jumpCannotReach(peer, via.peer(), e);
        } catch (IOException e) {
            throw SshFailures.jumpCannotReach(peer, via.peer(), e);
        }
    }

    private static String readerName(Peer peer) {
        return "pgha-ssh-" + peer.node();
    }

    private void logIn(Peer peer, SSHClient client, ConnectionEnd end) {
        List<String> tried = new ArrayList<>();
        Optional<Exception> broken = Optional.empty();
        try {
            for (SshCredential credential : peer.credentials()) {
                if (logIn(peer, client, credential, tried)) {
                    return;
                }
            }
        } catch (IOException e) {
            broken = Optional.of(end.causeOr(e));
        }
        throw LogInFailures.of(
                peer,
                tried,
                List.copyOf(client.getUserAuth().getAllowedMethods()),
                client.getUserAuth().getBanner().strip(),
                broken);
    }

    private boolean logIn(Peer peer, SSHClient client, SshCredential credential, List<String> tried)
            throws IOException {
        if (credential instanceof SshCredential.PrivateKey file) {
            KeyPair key = keys.get(peer, file);
            tried.add("key " + file.file() + " (" + KeyFiles.describe(key) + ")");
            return takes(client, "publickey") && logIn(peer, client, new SignedKeyAuth(new KeyPairWrapper(key)));
        }
        String password = ((SshCredential.Password) credential).secret().reveal();
        tried.add("a password");
        PasswordFinder finder = new Once(password);
        if (takes(client, "password") && logIn(peer, client, new AuthPassword(finder))) {
            return true;
        }
        // A server that has both asks the same PAM stack for both: a wrong password would only cost its delay twice.
        return !client.getUserAuth().getAllowedMethods().contains("password")
                && takes(client, "keyboard-interactive")
                && logIn(peer, client, new AuthKeyboardInteractive(new PasswordResponseProvider(finder)));
    }

    private static boolean logIn(Peer peer, SSHClient client, AuthMethod method) throws IOException {
        method.setLoggerFactory(client.getTransport().getConfig().getLoggerFactory());
        return client.getUserAuth()
                .authenticate(
                        peer.user(), (net.schmizz.sshj.Service) client.getConnection(), method, Integer.MAX_VALUE);
    }

    /** Returns whether the server may take this method: it names those it takes when it refuses one. */
    private static boolean takes(SSHClient client, String method) {
        Collection<String> methods = client.getUserAuth().getAllowedMethods();
        return methods.isEmpty() || methods.contains(method);
    }

    /** Answers with one password. */
    private record Once(String password) implements PasswordFinder {
        @Override
        public char[] reqPassword(Resource<?> resource) {
            return password.toCharArray();
        }

        @Override
        public boolean shouldRetry(Resource<?> resource) {
            return false;
        }
    }

    /** Hands sshj the streams that are already connected. */
    static final class Fixed extends SocketFactory {
        private final Socket socket;

        Fixed(Socket socket) {
            this.socket = socket;
        }

        @Override
        public Socket createSocket() {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            return socket;
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            return socket;
        }
    }
}
