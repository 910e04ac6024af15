package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.HostException;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.Node;
import io.pgha.testing.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same against a real OpenSSH server, where there is one and we may start it. */
class OpenSshTransportTest extends ShellContract {
    @TempDir
    static Path dir;

    static RealSshd sshd;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        requireSshd();
        sshd = new RealSshd(dir, List.of());
    }

    /** Skips with a reason where there is no server to start; that is a failure with {@code -Dpgha.lab=required}. */
    static void requireSshd() {
        boolean root = System.getProperty("user.name").equals("root");
        boolean possible = root && Files.isExecutable(RealSshd.BINARY);
        String reason = "The tests against a real OpenSSH need root and " + RealSshd.BINARY
                + " (apt-get install openssh-server)";
        Requirement.met(possible, reason);
    }

    @AfterAll
    static void stop() {
        if (sshd != null) {
            sshd.close();
        }
    }

    @Override
    protected Transport newTransport() {
        return Ssh.transport(
                ssh -> ssh.user("root").privateKey(dir.resolve("id")).knownHosts(dir.resolve("known_hosts")));
    }

    @Override
    protected Node node() {
        return sshd.node();
    }

    @Override
    void drop() {
        sshd.drop();
    }

    /** A server in Java cannot show this: Java ends the output of a process with the process. */
    @Test
    void outputHeldOpenInTheBackgroundIsToldApart() {
        Command command = Command.builder()
                .script("sleep 20 & exit 0")
                .timeout(Duration.ofSeconds(1))
                .build();
        HostException failure = catchThrowableOfType(HostException.class, () -> host.run(command));
        assertThat(failure.code()).isEqualTo("host.timeout");
        assertThat(failure)
                .hasMessageContaining("the command on [127.0.0.1]:" + node().sshPort()
                        + " ended, but something it started held its output open");
    }

    @Test
    @Timeout(60)
    void aFarSideThatHangsUpWhileTheTunnelIsFullStopsNobodyElse() throws Exception {
        try (Flood flood = new Flood();
                Tunnel tunnel = host.forward("127.0.0.1", flood.port())) {
            flood.fillThenHangUp(tunnel);
            assertThat(run("echo on").stdout()).isEqualTo("on\n");
        }
    }
}
