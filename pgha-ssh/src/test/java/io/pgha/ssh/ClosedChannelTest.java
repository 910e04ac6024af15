package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenSSH that lets us in and has settings that end what we do there. */
@Timeout(60)
class ClosedChannelTest {
    @TempDir
    Path dir;

    @BeforeEach
    void requireSshd() {
        OpenSshTransportTest.requireSshd();
    }

    private Transport transport() {
        return Ssh.transport(
                ssh -> ssh.user("root").privateKey(dir.resolve("id")).knownHosts(dir.resolve("known_hosts")));
    }

    @Test
    void aChannelThatMayNotBeSilentIsNoLostConnection() throws Exception {
        try (RealSshd sshd = new RealSshd(dir, List.of("ChannelTimeout session:command=1s"));
                Transport transport = transport()) {
            RemoteHost host = transport.connect(sshd.node());
            HostException e = catchThrowableOfType(HostException.class, () -> host.run(Command.sh("sleep 20")));
            assertThat(e.code()).isEqualTo("ssh.channel-closed");
            assertThat(e).hasMessageContaining("closed the channel of a command that had not ended");
            assertThat(e.remedy()).contains("ChannelTimeout", "sshd -T -C user=root ");
            assertThat(host.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void aRootWhoMayRunForcedCommandsOnlyIsTold() throws Exception {
        try (RealSshd sshd = new RealSshd(dir, List.of("PermitRootLogin forced-commands-only"));
                Transport transport = transport()) {
            HostException e = catchThrowableOfType(
                    HostException.class, () -> transport.connect(sshd.node()).run(Command.sh("true")));
            assertThat(e.code()).isEqualTo("ssh.session-refused");
            assertThat(e).hasMessageContaining("closed the connection").hasMessageContaining("nothing was run");
            assertThat(e.remedy()).contains("PermitRootLogin prohibit-password");
        }
    }
}
