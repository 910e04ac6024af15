package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real OpenSSH, PAM and sudo say about accounts of all kinds. The accounts are there for this server only, which
 * sees files of its own in place of the machine's.
 */
@Timeout(60)
class AccountsTest {
    private static final Path HOMES = Path.of("/home");

    @TempDir
    static Path dir;

    private static RealSshd sshd;

    /** One account: its shell, the fields of its line in shadow from the password on, and its line in sudoers. */
    private record Account(String name, String shell, String shadow, String sudoers) {}

    private static final String VALID = "*:19000:0:99999:7:::";

    private static final List<Account> ACCOUNTS = List.of(
            new Account("fine", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("homeless", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("pty", "/bin/sh", VALID, "NOPASSWD: ALL\nDefaults:pty use_pty"),
            new Account("tty", "/bin/sh", VALID, "NOPASSWD: ALL\nDefaults:tty requiretty"),
            new Account("expired", "/bin/bash", "*:19000:0:99999:7::10:", "NOPASSWD: ALL"),
            new Account("stale", "/bin/bash", "*:0:0:99999:7:::", "NOPASSWD: ALL"),
            new Account("line", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("noexec", "/bin/bash", VALID, "NOPASSWD: NOEXEC: ALL"),
            new Account("default", "/bin/bash", VALID, "NOPASSWD: ALL\nDefaults:default noexec"),
            new Account("asks", "/bin/bash", VALID, "ALL"),
            new Account("nologin", "/usr/sbin/nologin", VALID, "NOPASSWD: ALL"),
            new Account("forced", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("denied", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("manykeys", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("notunnel", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("disabled", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("permit", "/bin/bash", VALID, "NOPASSWD: ALL"),
            new Account("restrict", "/bin/bash", VALID, "NOPASSWD: ALL"));

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        OpenSshTransportTest.requireSshd();
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        StringBuilder passwd = new StringBuilder(Files.readString(Path.of("/etc/passwd")));
        StringBuilder shadow = new StringBuilder(Files.readString(Path.of("/etc/shadow")));
        StringBuilder sudoers = new StringBuilder("root ALL=(ALL) ALL\n");
        int id = 64_001;
        for (Account account : ACCOUNTS) {
            String home = HOMES.resolve(account.name()).toString();
            passwd.append(String.join(
                            ":",
                            account.name(),
                            "x",
                            String.valueOf(id),
                            String.valueOf(id),
                            "",
                            home,
                            account.shell()))
                    .append('\n');
            shadow.append(account.name()).append(':').append(account.shadow()).append('\n');
            sudoers.append(account.name())
                    .append(" ALL=(root) ")
                    .append(account.sudoers())
                    .append('\n');
            if (!account.name().equals("homeless")) {
                Files.createDirectories(dir.resolve("homes").resolve(account.name()));
            }
            id++;
        }
        Files.writeString(dir.resolve("homes/line/.bashrc"), "IFS= read -r answer\n");
        Files.writeString(dir.resolve("homes/notunnel/.bashrc"), "echo welcome; echo again >&2\n");
        Files.writeString(dir.resolve("passwd"), passwd);
        Files.writeString(dir.resolve("shadow"), shadow);
        Files.setPosixFilePermissions(dir.resolve("shadow"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(dir.resolve("sudoers"), sudoers);
        Files.setPosixFilePermissions(dir.resolve("sudoers"), PosixFilePermissions.fromString("r--r-----"));
        List<String> settings = new ArrayList<>(List.of("UsePAM yes", "DenyUsers denied", "SetEnv LANG=C"));
        settings.addAll(List.of(
                "Match User forced", "ForceCommand echo only this",
                "Match User manykeys", "MaxAuthTries 2",
                "Match User notunnel", "AllowTcpForwarding no",
                "Match User disabled", "DisableForwarding yes",
                "Match User permit", "PermitOpen 127.0.0.1:1",
                "Match User restrict", "AuthorizedKeysFile " + dir.resolve("restricted")));
        sshd = new RealSshd(
                dir,
                settings,
                List.of(
                        "unshare",
                        "--mount",
                        "sh",
                        "-ec",
                        "mount --bind \"$0/homes\" /home; for f in passwd shadow sudoers; do"
                                + " mount --bind \"$0/$f\" /etc/$f; done; exec \"$@\"",
                        dir.toString()));
        Files.writeString(dir.resolve("restricted"), "restrict " + Files.readString(dir.resolve("id.pub")));
    }

    @AfterAll
    static void stop() {
        if (sshd != null) {
            sshd.close();
        }
    }

    private static Transport transport(String user, UnaryOperator<SshOptions.Builder> more) {
        return Ssh.transport(ssh -> more.apply(ssh.user(user).knownHosts(dir.resolve("known_hosts"))));
    }

    private static void letIn(String user) throws InterruptedException {
        try (Transport transport = transport(user, ssh -> ssh.privateKey(dir.resolve("id")))) {
            assertThat(transport.connect(sshd.node()).run(Command.sh("id -u")).stdout())
                    .isEqualTo("0\n");
        }
    }

    private static HostException refused(String user) {
        return refused(user, ssh -> ssh.privateKey(dir.resolve("id")));
    }

    private static HostException refused(String user, UnaryOperator<SshOptions.Builder> credentials) {
        try (Transport transport = transport(user, credentials)) {
            HostException e = catchThrowableOfType(
                    HostException.class, () -> transport.connect(sshd.node()).run(Command.sh("echo a; echo b")));
            assertThat(e).as(user).hasMessageStartingWith("pg1: ").hasMessageContaining("\n  To fix: ");
            return e;
        }
    }

    @Test
    void usersWhoMayBecomeRoot() throws Exception {
        for (String user : List.of("fine", "homeless", "pty")) {
            letIn(user);
        }
    }

    @Test
    void anAccountThatExpired() {
        HostException e = refused("expired");
        assertThat(e.code()).isEqualTo("ssh.log-in-ended");
        assertThat(e).hasMessageContaining("ended the log-in of user expired").hasMessageContaining("has expired");
        assertThat(e.remedy()).contains("chage -l expired");
    }

    @Test
    void aPasswordThatExpired() {
        HostException e = refused("stale");
        assertThat(e.code()).isEqualTo("ssh.password-expired");
        assertThat(e).hasMessageContaining("the password of user stale");
        assertThat(e.remedy()).contains("passwd stale").contains("ssh -t -p " + sshd.port() + " stale@127.0.0.1");
    }

    @Test
    void aLogInScriptThatReadsStandardInput() {
        HostException e = refused("line");
        assertThat(e.code()).isEqualTo("ssh.input-eaten");
        assertThat(e).hasMessageContaining("read what was meant for the shell of user line");
        assertThat(e.remedy()).contains("~/.bashrc");
    }

    @Test
    void aSudoThatLetsNothingBeStarted() {
        for (String user : List.of("noexec", "default")) {
            HostException e = refused(user);
            assertThat(e.code()).isEqualTo("ssh.sudo-noexec");
            assertThat(e).hasMessageContaining("NOEXEC");
        }
    }

    @Test
    void aSudoThatAsks() {
        assertThat(refused("asks").code()).isEqualTo("ssh.sudo-password-required");
        HostException e =
                refused("asks", ssh -> ssh.privateKey(dir.resolve("id")).sudoPassword(Secret.of("wrong")));
        assertThat(e.code()).isEqualTo("ssh.sudo-password-wrong");
    }

    @Test
    void aSudoThatWantsATerminal() {
        HostException e = refused("tty");
        assertThat(e.code()).isEqualTo("ssh.sudo-denied");
        assertThat(e).hasMessageContaining("tty");
    }

    @Test
    void accountsWithoutAShell() {
        HostException nologin = refused("nologin");
        assertThat(nologin.code()).isEqualTo("ssh.shell-refused");
        assertThat(nologin).hasMessageContaining("This account is currently not available");
        HostException forced = refused("forced");
        assertThat(forced.code()).isEqualTo("ssh.shell-refused");
        assertThat(forced).hasMessageContaining("only this");
        assertThat(forced.remedy()).contains("ForceCommand");
    }

    @Test
    void aUserWhomTheConfigurationKeepsOut() {
        HostException e = refused("denied");
        assertThat(e.code()).isEqualTo("ssh.authentication-failed");
        assertThat(e.remedy()).contains("DenyUsers");
    }

    @Test
    void moreKeysThanTheServerTries() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            if (!Files.exists(dir.resolve(name))) {
                RealSshd.keygen(
                        "-q", "-t", "ed25519", "-N", "", "-f", dir.resolve(name).toString());
            }
        }
        HostException e = refused(
                "manykeys",
                ssh -> ssh.privateKey(dir.resolve("a"))
                        .privateKey(dir.resolve("b"))
                        .privateKey(dir.resolve("c"))
                        .privateKey(dir.resolve("id")));
        assertThat(e.code()).isEqualTo("ssh.authentication-failed");
        assertThat(e)
                .hasMessageContaining("too many authentication failures")
                .hasMessageContaining("key " + dir.resolve("a") + " (ED25519 SHA256:")
                .hasMessageContaining("key " + dir.resolve("b"))
                .hasMessageNotContaining("key " + dir.resolve("id"));
        assertThat(e.remedy()).contains("MaxAuthTries");
    }

    @Test
    void tunnelsThatTheServerForbids() throws Exception {
        for (String user : List.of("notunnel", "disabled", "permit", "restrict")) {
            try (Transport transport = transport(user, ssh -> ssh.privateKey(dir.resolve("id")))) {
                RemoteHost host = transport.connect(sshd.node());
                HostException e =
                        catchThrowableOfType(HostException.class, () -> host.forward("127.0.0.1", sshd.port()));
                assertThat(e).as(user).isNotNull();
                assertThat(e.code()).isEqualTo("ssh.forwarding-forbidden");
                assertThat(e)
                        .hasMessageContaining("forbids tunnels for user " + user)
                        .hasMessageContaining("administratively prohibited");
                assertThat(e.remedy())
                        .contains("AllowTcpForwarding yes")
                        .contains("PermitOpen")
                        .contains("authorized_keys");
                assertThat(host.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
            }
        }
    }

    @Test
    void whomTheServerForbidsTunnelsIsRelayed() throws Exception {
        for (String user : List.of("notunnel", "disabled", "permit", "restrict")) {
            try (ShellContract.EchoServer echo = new ShellContract.EchoServer();
                    Transport transport = transport(user, ssh -> ssh.privateKey(dir.resolve("id")));
                    Tunnel relay = transport.connect(sshd.node()).relay("127.0.0.1", echo.port())) {
                assertThat(ShellContract.exchange(relay, new byte[] {1, 2, 3}))
                        .as(user)
                        .containsExactly(3, 2, 1);
            }
        }
    }
}
