package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.ShellQuote;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JumpTest {
    @TempDir
    Path dir;

    private MinaServer jump;
    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        jump = new MinaServer();
        jump.authorized.add(key.getPublic());
        jump.start();
        server = new MinaServer();
        server.authorized.add(key.getPublic());
        server.start();
        Files.writeString(dir.resolve("known_hosts"), jump.knownHostsLine() + server.knownHostsLine());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        jump.close();
    }

    private Transport transport() {
        return Ssh.transport(ssh -> ssh.user("root")
                .privateKey(dir.resolve("id"))
                .knownHosts(dir.resolve("known_hosts"))
                .jump(j -> j.host("127.0.0.1").port(jump.port()).user("hopper")));
    }

    private Node node(String name) {
        return Node.builder().from(server.node()).name(name).build();
    }

    private HostException failure() {
        try (Transport transport = transport()) {
            HostException e = catchThrowableOfType(HostException.class, () -> transport.connect(server.node()));
            assertThat(e)
                    .hasMessageContaining("jump host [127.0.0.1]:" + jump.port())
                    .hasMessageContaining("To fix: ");
            return e;
        }
    }

    @Test
    void manyMachinesShareOneConnectionToTheJumpHost() throws Exception {
        try (Transport transport = transport()) {
            List<Future<CommandResult>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                RemoteHost host = transport.connect(node("pg" + i));
                all.add(ShellContract.async(() -> host.run(Command.builder()
                        .script("sha256sum | cut -d ' ' -f 1")
                        .stdin(ShellContract.random(500_000))
                        .build())));
            }
            for (Future<CommandResult> each : all) {
                assertThat(each.get(30, TimeUnit.SECONDS).stdout())
                        .isEqualTo(ShellContract.sha256(ShellContract.random(500_000)) + "\n");
            }
            assertThat(jump.sshd.getActiveSessions()).hasSize(1);
            assertThat(jump.sshd.getActiveSessions().get(0).getUsername()).isEqualTo("hopper");
            assertThat(server.sshd.getActiveSessions()).hasSize(6);
            assertThat(jump.commandLines).isEmpty();
        }
        assertThat(ShellContract.ourThreads()).isEmpty();
    }

    @Test
    void tunnelsGoThroughToo() throws Exception {
        try (Transport transport = transport();
                ShellContract.EchoServer echo = new ShellContract.EchoServer();
                Tunnel tunnel = transport.connect(server.node()).forward("127.0.0.1", echo.port())) {
            byte[] request = ShellContract.random(300_000);
            assertThat(ShellContract.exchange(tunnel, request)).isEqualTo(ShellContract.reversed(request));
        }
    }

    @Test
    void aJumpHostThatDroppedIsReachedAgain() throws Exception {
        try (Transport transport = transport()) {
            RemoteHost host = transport.connect(server.node());
            jump.drop();
            assertThat(host.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void theJumpHostProvesItselfToo() throws IOException {
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
        assertThat(failure().code()).isEqualTo("ssh.host-key-unknown");
    }

    @Test
    void theMachineBehindProvesItselfToo() throws IOException {
        Files.writeString(dir.resolve("known_hosts"), jump.knownHostsLine());
        try (Transport transport = transport()) {
            HostKeyException e = catchThrowableOfType(HostKeyException.class, () -> transport.connect(server.node()));
            assertThat(e.code()).isEqualTo("ssh.host-key-unknown");
            assertThat(e.node()).contains("pg1");
            assertThat(e.remedy())
                    .contains("run: ssh -p " + jump.port() + " hopper@127.0.0.1 ssh-keyscan -p " + server.port()
                            + " 127.0.0.1 >> " + dir.resolve("known_hosts"));
        }
    }

    @Test
    void aMachineBehindThatLetsNobodyInIsReachedThroughTheJumpHostByHand() throws Exception {
        server.authorized.clear();
        try (Transport transport = transport()) {
            HostException e = catchThrowableOfType(HostException.class, () -> transport.connect(server.node()));
            assertThat(e.code()).isEqualTo("ssh.authentication-failed");
            assertThat(e.remedy())
                    .contains("ssh-copy-id -i KEY.pub -o ProxyJump=" + hop() + " -p " + server.port()
                            + " root@127.0.0.1");
        }
        server.authorized.addAll(jump.authorized);
        server.forced = "exit 1";
        try (Transport transport = transport()) {
            HostException e = catchThrowableOfType(
                    HostException.class, () -> transport.connect(server.node()).run(Command.sh("true")));
            assertThat(e.code()).isEqualTo("ssh.shell-refused");
            assertThat(e.remedy()).contains("ssh -J " + hop() + " -p " + server.port() + " root@127.0.0.1 sh -c true");
        }
    }

    private String hop() {
        return ShellQuote.quote("hopper@127.0.0.1:" + jump.port());
    }

    @Test
    void aJumpHostThatLetsNobodyInIsNamed() {
        jump.authorized.clear();
        HostException e = failure();
        assertThat(e.code()).isEqualTo("ssh.authentication-failed");
        assertThat(e).hasMessageContaining("does not let user hopper in");
    }

    @Test
    void aJumpHostThatIsDownIsNamed() throws IOException {
        jump.sshd.stop(true);
        try (Transport transport = transport()) {
            HostException e = catchThrowableOfType(HostException.class, () -> transport.connect(server.node()));
            assertThat(e.code()).isEqualTo("ssh.jump-host-unreachable");
            assertThat(e).hasMessageContaining("jump host 127.0.0.1");
        }
    }

    @Test
    void aJumpHostThatForwardsNothingIsNamed() {
        jump.sshd.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        HostException e = failure();
        assertThat(e.code()).isEqualTo("ssh.jump-host-forbids-forwarding");
        assertThat(e.remedy()).contains("AllowTcpForwarding");
        assertThat(e.node()).contains("pg1");
    }

    @Test
    void aMachineThatTheJumpHostCannotReachIsNamed() throws IOException {
        server.sshd.stop(true);
        HostException e = failure();
        assertThat(e.code()).isEqualTo("host.unreachable");
        assertThat(e).hasMessageContaining("cannot reach [127.0.0.1]:" + server.port());
    }
}
