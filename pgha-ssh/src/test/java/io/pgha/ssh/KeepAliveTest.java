package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeepAliveTest {
    @TempDir
    Path dir;

    private MinaServer server;
    private FrozenProxy proxy;
    private Node node;

    @BeforeEach
    void start() throws IOException {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        server = new MinaServer();
        server.authorized.add(key.getPublic());
        server.start();
        proxy = new FrozenProxy(server.port());
        node = Node.builder().from(server.node()).sshPort(proxy.port()).build();
        Files.writeString(dir.resolve("known_hosts"), MinaServer.knownHostsLine(proxy.port(), server.hostKeys.get(0)));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Transport transport(Duration interval) {
        return Ssh.transport(ssh -> ssh.user("root")
                .privateKey(dir.resolve("id"))
                .knownHosts(dir.resolve("known_hosts"))
                .connectTimeout(Duration.ofSeconds(2))
                .keepAliveInterval(interval)
                .keepAliveCount(2));
    }

    @Test
    void aMachineThatFallsSilentIsNoticed() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        try (Transport transport = transport(Duration.ofMillis(200))) {
            RemoteHost host = transport.connect(node);
            Future<CommandResult> running = ShellContract.async(() -> host.run(Command.builder()
                    .script("echo; sleep 30")
                    .output(line -> started.countDown())
                    .build()));
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            proxy.freeze();
            assertThat(running)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(HostException.class, e -> {
                        assertThat(e.code()).isEqualTo(HostException.CONNECTION_LOST);
                        assertThat(e).hasMessageContaining("no answer for 400 ms");
                    });
        }
        assertThat(ShellContract.ourThreads()).isEmpty();
    }

    @Test
    void aWriteThatIsStuckEndsWithTheSilence() throws Exception {
        try (Transport transport = transport(Duration.ofMillis(300))) {
            RemoteHost host = transport.connect(node);
            proxy.freeze();
            Command large = Command.builder()
                    .script("cat >/dev/null")
                    .stdin(new byte[50_000_000])
                    .build();
            HostException e = catchThrowableOfType(HostException.class, () -> host.run(large));
            assertThat(e.code()).isIn(HostException.CONNECTION_LOST, "ssh.log-in-timeout");
        }
        assertThat(ShellContract.ourThreads()).isEmpty();
    }

    @Test
    void aWriteThatIsStuckEndsAtTheDeadline() throws Exception {
        try (Transport transport = transport(Duration.ofMinutes(5))) {
            RemoteHost host = transport.connect(node);
            proxy.freeze();
            long start = System.nanoTime();
            HostException e = catchThrowableOfType(
                    HostException.class,
                    () -> host.run(Command.builder()
                            .script("cat >/dev/null")
                            .stdin(new byte[50_000_000])
                            .timeout(Duration.ofMillis(500))
                            .build()));
            assertThat(e.code()).isEqualTo("host.timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(ShellContract.ourThreads())
                .as("closing is not held up either")
                .isEmpty();
    }

    /**
     * The command is silent for longer than the server may be; the server, in this process, may itself have to wait its
     * turn.
     */
    @Test
    void silenceAloneHarmsNothing() throws Exception {
        try (Transport transport = transport(Duration.ofMillis(700))) {
            RemoteHost host = transport.connect(node);
            Object session = server.sshd.getActiveSessions().get(0);
            assertThat(host.run(Command.sh("sleep 3; echo woke")).stdout()).isEqualTo("woke\n");
            assertThat(server.sshd.getActiveSessions())
                    .containsExactly((org.apache.sshd.common.session.helpers.AbstractSession) session);
        }
    }
}
