package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.HostException;
import io.pgha.host.Transport;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.server.ServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreachableTest {
    @TempDir
    Path dir;

    private Path id() {
        Path id = dir.resolve("id");
        if (!id.toFile().exists()) {
            TestKeys.write(id, TestKeys.ec());
        }
        return id;
    }

    private HostException failure(String host, int port, Duration timeout) {
        Path id = id();
        try (Transport transport = Ssh.transport(ssh -> ssh.user("root")
                .privateKey(id)
                .knownHosts(dir.resolve("known_hosts"))
                .hostKeyPolicy(HostKeyPolicy.ACCEPT_NEW)
                .connectTimeout(timeout))) {
            HostException e = catchThrowableOfType(HostException.class, () -> transport.connect(node(host, port)));
            assertThat(e).hasMessageStartingWith("pg1: ").hasMessageContaining("\n  To fix: ");
            assertThat(e.node()).contains("pg1");
            return e;
        }
    }

    private static Node node(String host, int port) {
        return Node.builder()
                .name("pg1")
                .address("10.0.0.1")
                .sshAddress(host)
                .sshPort(port)
                .role(NodeRole.POSTGRES)
                .build();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket free = listen()) {
            port = free.getLocalPort();
        }
        HostException e = failure("127.0.0.1", port, Duration.ofSeconds(10));
        assertThat(e.code()).isEqualTo("host.unreachable");
        assertThat(e).hasMessageContaining("nothing listens at port " + port + " of 127.0.0.1");
        assertThat(e.remedy()).contains("systemctl status ssh");
    }

    @Test
    void theNameIsUnknown() {
        HostException e = failure("no-such-host.invalid", 22, Duration.ofSeconds(20));
        assertThat(e.code()).isEqualTo("host.unreachable");
        assertThat(e).hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void theServerSaysNothing() throws IOException {
        try (ServerSocket silent = listen()) {
            HostException e = failure("127.0.0.1", silent.getLocalPort(), Duration.ofMillis(300));
            assertThat(e.code()).isEqualTo("ssh.log-in-timeout");
            assertThat(e).hasMessageContaining("the SSH handshake was not done within 300 ms");
        }
    }

    @Test
    void theServerIsNoSshServer() throws Exception {
        try (ServerSocket http = listen()) {
            Future<Boolean> served = ShellContract.async(() -> {
                try (Socket socket = http.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                return true;
            });
            HostException e = failure("127.0.0.1", http.getLocalPort(), Duration.ofSeconds(10));
            assertThat(e.code()).isEqualTo("ssh.handshake-failed");
            assertThat(e).hasMessageContaining("the SSH handshake failed");
            assertThat(e.remedy()).contains("nc 127.0.0.1 " + http.getLocalPort());
            assertThat(served).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    /**
     * The reader of the connection may meet the end before the handshake has begun, or after: ConnectionEndTest has all
     * cases.
     */
    @Test
    void theServerSpeaksNonsenseAtOnce() throws Exception {
        byte[] nonsense = ("SSH-2.0-nonsense\r\n" + "~".repeat(64)).getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket listening = listen()) {
            for (int attempt = 0; attempt < 20; attempt++) {
                Future<Boolean> served = ShellContract.async(() -> {
                    try (Socket socket = listening.accept()) {
                        socket.getOutputStream().write(nonsense);
                        socket.getInputStream().readAllBytes();
                    }
                    return true;
                });
                HostException e = failure("127.0.0.1", listening.getLocalPort(), Duration.ofSeconds(10));
                assertThat(e.code()).isEqualTo("ssh.handshake-failed");
                assertThat(e).hasMessageContaining("the SSH handshake failed").hasMessageNotContaining("Not connected");
                assertThat(served).succeedsWithin(Duration.ofSeconds(10));
            }
        }
    }

    /** OpenSSH says these before its greeting, and hangs up. */
    @ParameterizedTest
    @CsvSource({
        "Not allowed at this time, ssh.source-penalized, PerSourcePenaltyExemptList",
        "Exceeded MaxStartups, ssh.too-many-startups, MaxStartups",
        "Go away, ssh.handshake-failed, journalctl -u ssh"
    })
    void theServerSaysWhyItTakesNobody(String words, String code, String remedy) throws Exception {
        try (ServerSocket refusing = listen()) {
            Future<Boolean> served = ShellContract.async(() -> {
                try (Socket socket = refusing.accept()) {
                    socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
                return true;
            });
            HostException e = failure("127.0.0.1", refusing.getLocalPort(), Duration.ofSeconds(10));
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(words);
            assertThat(e.remedy()).contains(remedy);
            assertThat(served).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    @SuppressWarnings("deprecation")
    void theServerIsTooOld() throws IOException {
        try (MinaServer server = new MinaServer()) {
            server.sshd.setKeyExchangeFactories(List.of(ServerBuilder.DH2KEX.apply(BuiltinDHFactories.dhg1)));
            server.start();
            HostException e = failure("127.0.0.1", server.port(), Duration.ofSeconds(10));
            assertThat(e.code()).isEqualTo("ssh.no-common-algorithm");
            assertThat(e).hasMessageContaining("offers diffie-hellman-group1-sha1; we have curve25519-sha256, ");
            assertThat(e.remedy()).contains("KexAlgorithms diffie-hellman-group1-sha1,curve25519-sha256");
        }
    }

    @Test
    void anInterruptEndsTheAttempt() throws Exception {
        try (ServerSocket silent = listen();
                Transport transport =
                        Ssh.transport(ssh -> ssh.user("root").privateKey(id()).connectTimeout(Duration.ofMinutes(5)))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    transport.connect(node("127.0.0.1", silent.getLocalPort()));
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            thread.start();
            try (Socket accepted = silent.accept()) {
                thread.interrupt();
                thread.join(10_000);
                assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
                accepted.setSoTimeout(10_000);
                assertThat(accepted.getInputStream().readAllBytes())
                        .as("our greeting, then the end")
                        .isNotNull();
            }
        }
    }

    @Test
    void closingEndsAnAttempt() throws Exception {
        try (ServerSocket silent = listen()) {
            Transport transport =
                    Ssh.transport(ssh -> ssh.user("root").privateKey(id()).connectTimeout(Duration.ofMinutes(5)));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    transport.connect(node("127.0.0.1", silent.getLocalPort()));
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            thread.start();
            try (Socket accepted = silent.accept()) {
                transport.close();
                thread.join(10_000);
                assertThat(thrown.get())
                        .isInstanceOfSatisfying(
                                HostException.class, e -> assertThat(e.code()).isEqualTo("host.closed"));
                assertThat(ShellContract.ourThreads()).isEmpty();
                assertThat(accepted.getInputStream().readAllBytes()).isNotNull();
            }
        }
    }
}
