package io.pgha.ssh;

import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.ssh.internal.key.KnownHosts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.schmizz.sshj.common.Buffer;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;

/** An SSH server in this JVM that runs what it is told with {@code sh -c}, and remembers it. */
public final class MinaServer implements AutoCloseable {
    public final SshServer sshd = SshServer.setUpDefaultServer();
    final List<String> commandLines = new CopyOnWriteArrayList<>();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    public final Set<PublicKey> authorized = ConcurrentHashMap.newKeySet();
    final Set<Process> running = ConcurrentHashMap.newKeySet();
    /** What is run in place of each command, as by OpenSSH's ForceCommand; empty for the command itself. */
    public volatile String forced = "";

    final List<KeyPair> hostKeys = new ArrayList<>();

    public MinaServer() {
        this(TestKeys.ec());
    }

    public MinaServer(KeyPair... keys) {
        hostKeys.addAll(List.of(keys));
        sshd.setHost("127.0.0.1");
        sshd.setPort(0);
        sshd.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        sshd.setPublickeyAuthenticator((user, key, session) -> authorized.stream()
                .anyMatch(known -> org.apache.sshd.common.config.keys.KeyUtils.compareKeys(known, key)));
        sshd.setCommandFactory((channel, line) -> {
            commandLines.add(line);
            return new Shell(forced.isEmpty() ? line : forced);
        });
        sshd.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    }

    public MinaServer start() {
        try {
            sshd.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public int port() {
        return sshd.getPort();
    }

    public Node node() {
        return node("pg1");
    }

    public Node node(String name) {
        return Node.builder()
                .name(name)
                .address("127.0.0.1")
                .sshPort(port())
                .role(NodeRole.POSTGRES)
                .build();
    }

    public String knownHostsLine() {
        StringBuilder lines = new StringBuilder();
        hostKeys.forEach(key -> lines.append(knownHostsLine(port(), key)));
        return lines.toString();
    }

    public static String knownHostsLine(int port, KeyPair key) {
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData();
        return "[127.0.0.1]:" + port + " " + KnownHosts.type(blob) + " "
                + Base64.getEncoder().encodeToString(blob) + "\n";
    }

    /** Cuts every connection without a word, as a killed server would. */
    void drop() {
        try {
            for (AbstractSession session : sshd.getActiveSessions()) {
                session.close(true).await(Duration.ofSeconds(10));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        running.forEach(Process::destroyForcibly);
        sshd.close(true);
    }

    private final class Shell implements Command {
        private final String line;
        private InputStream in;
        private OutputStream out;
        private OutputStream err;
        private ExitCallback exit;

        Shell(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment env) throws IOException {
            ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
            builder.environment().putAll(environment);
            Process process = builder.start();
            running.add(process);
            Thread input = copy(in, process.getOutputStream(), true);
            Thread output = copy(process.getInputStream(), out, false);
            Thread errors = copy(process.getErrorStream(), err, false);
            Thread end = new Thread(() -> {
                try {
                    int status = process.waitFor();
                    output.join();
                    errors.join();
                    running.remove(process);
                    exit.onExit(status);
                    input.interrupt();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            end.setDaemon(true);
            end.start();
        }

        @Override
        public void destroy(ChannelSession channel) {
            // As with OpenSSH, what runs goes on.
        }
    }

    private static Thread copy(InputStream from, OutputStream to, boolean close) {
        Thread thread = new Thread(() -> {
            byte[] buffer = new byte[8192];
            try {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    to.write(buffer, 0, read);
                    to.flush();
                }
            } catch (IOException ended) {
                return;
            } finally {
                if (close) {
                    closeQuietly(to);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException ended) {
            return;
        }
    }
}
