package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.ShellQuote;
import io.pgha.host.Transport;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Becoming root, with stand-ins for sudo and id that behave as the real ones do. */
@Timeout(60)
class SudoTest {
    private static final String PASSWORD = "p'ss \"word\" ☕ #";

    @TempDir
    Path dir;

    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id_ec"), key);
        server = new MinaServer();
        server.authorized.add(key.getPublic());
        server.environment.put("PATH", dir + ":/usr/local/bin:/usr/bin:/bin");
        server.start();
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
        program("id", "echo 1000");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private void program(String name, String script) throws IOException {
        Path file = dir.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Behaves as sudo 1.9: options first, password read byte by byte from standard input, refusals in its words. */
    private void sudo(String policy) throws IOException {
        Files.writeString(dir.resolve("password"), PASSWORD);
        program(
                "sudo",
                "n= k= S=\n"
                        + "while :; do case $1 in -n) n=1;; -k) k=1;; -S) S=1;; -p) shift;; --) shift; break;; esac; shift; done\n"
                        + "password=$(cat "
                        + ShellQuote.quote(dir.resolve("password").toString()) + ")\n"
                        + "echo We trust you have received the usual lecture >&2\n"
                        + "ask() {\n"
                        + "  [ -z \"$n\" ] || { echo 'sudo: a password is required' >&2; exit 1; }\n"
                        + "  IFS= read -r given || { echo 'sudo: no password was provided' >&2; exit 1; }\n"
                        + "  [ \"$given\" = \"$password\" ] || { echo 'Sorry, try again.' >&2;\n"
                        + "    echo 'sudo: 1 incorrect password attempt' >&2; exit 1; }\n"
                        + "}\n" + policy + "\n"
                        + "unset n k S given password\nSUDO_USER=ops; export SUDO_USER\nexec \"$@\"");
    }

    private Transport transport(UnaryOperator<SshOptions.Builder> more) {
        return Ssh.transport(ssh ->
                more.apply(ssh.user("ops").privateKey(dir.resolve("id_ec")).knownHosts(dir.resolve("known_hosts"))));
    }

    private void works(UnaryOperator<SshOptions.Builder> more) throws InterruptedException {
        byte[] input = ShellContract.random(100_000);
        try (Transport transport = transport(more)) {
            RemoteHost host = transport.connect(server.node());
            for (int i = 0; i < 2; i++) {
                assertThat(host.run(Command.sh("echo $SUDO_USER; echo err >&2; exit 3")))
                        .isEqualTo(new CommandResult(3, "ops\n", "err\n"));
                assertThat(host.run(Command.builder()
                                .script("sha256sum | cut -d ' ' -f 1")
                                .stdin(input)
                                .build()))
                        .isEqualTo(new CommandResult(0, ShellContract.sha256(input) + "\n", ""));
                assertThat(host.run(Command.sh("cat; set; env")).stdout()).doesNotContain(PASSWORD);
            }
        }
        assertThat(server.commandLines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain(PASSWORD));
    }

    private HostException refused(UnaryOperator<SshOptions.Builder> more) {
        try (Transport transport = transport(more)) {
            HostException e =
                    catchThrowableOfType(SshAuthenticationException.class, () -> transport.connect(server.node()));
            assertThat(e).hasMessageContaining("\n  To fix: ");
            assertThat(e.getMessage()).doesNotContain(PASSWORD).doesNotContain("wrong-password");
            return e;
        }
    }

    @Test
    void aUserWhoIsRootNeedsNoSudo() throws Exception {
        program("id", "echo 0");
        try (Transport transport = transport(ssh -> ssh)) {
            assertThat(transport
                            .connect(server.node())
                            .run(Command.sh("echo in"))
                            .stdout())
                    .isEqualTo("in\n");
        }
        assertThat(server.commandLines).hasSize(2).last().asString().doesNotContain("sudo");
    }

    @Test
    void sudoWithoutAPasswordIsFound() throws Exception {
        sudo("");
        works(ssh -> ssh);
    }

    @Test
    void aPasswordThatIsNotNeededGoesNowhere() throws Exception {
        sudo("");
        works(ssh -> ssh.sudoPassword(Secret.of(PASSWORD)));
    }

    @Test
    void sudoTakesItsPassword() throws Exception {
        sudo("ask");
        works(ssh -> ssh.sudoPassword(Secret.of(PASSWORD)));
    }

    @Test
    void sudoTakesTheLogInPassword() throws Exception {
        sudo("ask");
        server.sshd.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
        works(ssh -> ssh.password(Secret.of(PASSWORD)));
    }

    @Test
    void aSudoThatStopsAskingDoesNotPassThePasswordOn() throws Exception {
        sudo("[ -e " + ShellQuote.quote(dir.resolve("trusts").toString()) + " ] || ask");
        try (Transport transport = transport(ssh -> ssh.sudoPassword(Secret.of(PASSWORD)))) {
            RemoteHost host = transport.connect(server.node());
            Files.createFile(dir.resolve("trusts"));
            CommandResult result = host.run(Command.builder()
                    .script("cat; set; env")
                    .stdin("the input\n")
                    .build());
            assertThat(result.stdout()).startsWith("the input\n").doesNotContain(PASSWORD);
        }
    }

    @Test
    void aSudoThatStartsRefusingNeverSeesTheScript() throws Exception {
        Path seen = dir.resolve("seen");
        sudo("[ -e " + ShellQuote.quote(dir.resolve("trusts").toString()) + " ] && ask || { cat >"
                + ShellQuote.quote(seen.toString()) + "; echo 'sudo: 3 incorrect password attempts' >&2; exit 1; }");
        Files.createFile(dir.resolve("trusts"));
        try (Transport transport = transport(ssh -> ssh.sudoPassword(Secret.of(PASSWORD)))) {
            RemoteHost host = transport.connect(server.node());
            Files.delete(dir.resolve("trusts"));
            // The stand-in reads on for as long as something comes; only closing the channel ends it.
            HostException e = catchThrowableOfType(
                    HostException.class,
                    () -> host.run(Command.builder()
                            .script("the-secret-script")
                            .timeout(java.time.Duration.ofSeconds(1))
                            .build()));
            assertThat(e.code()).isEqualTo("host.timeout");
        }
        server.close();
        assertThat(Files.readString(seen)).doesNotContain("the-secret-script");
    }

    @Test
    void aPasswordThatIsMissingIsAskedFor() throws Exception {
        sudo("ask");
        HostException e = refused(ssh -> ssh);
        assertThat(e.code()).isEqualTo("ssh.sudo-password-required");
        assertThat(e.remedy()).contains("sudoPassword(").contains("ops ALL=(root) NOPASSWD: ALL");
    }

    @Test
    void aPasswordThatIsWrongIsNamed() throws Exception {
        sudo("ask");
        assertThat(refused(ssh -> ssh.sudoPassword(Secret.of("wrong-password"))).code())
                .isEqualTo("ssh.sudo-password-wrong");
    }

    @Test
    void aUserWhoMayNotIsNamed() throws Exception {
        sudo("ask; echo 'ops is not in the sudoers file.' >&2; exit 1");
        HostException e = refused(ssh -> ssh.sudoPassword(Secret.of(PASSWORD)));
        assertThat(e.code()).isEqualTo("ssh.sudo-denied");
        assertThat(e).hasMessageContaining("ops is not in the sudoers file");
    }

    @Test
    void aSudoThatWantsATerminalIsDenied() throws Exception {
        sudo("echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1");
        HostException e = refused(ssh -> ssh);
        assertThat(e.code()).isEqualTo("ssh.sudo-denied");
        assertThat(e).hasMessageContaining("you must have a tty");
        assertThat(e.remedy()).contains("requiretty");
    }

    @Test
    void sudoMayBeMissing() throws Exception {
        for (String name : new String[] {"sh", "head", "base64"}) {
            Files.createSymbolicLink(dir.resolve(name), Path.of("/bin/" + name));
        }
        server.environment.put("PATH", dir.toString());
        assertThat(refused(ssh -> ssh).code()).isEqualTo("ssh.sudo-missing");
    }

    @Test
    void anAccountWithoutAShellIsNamed() throws Exception {
        program("sh", "echo This account is currently not available.; exit 1");
        HostException e = refused(ssh -> ssh);
        assertThat(e.code()).isEqualTo("ssh.shell-refused");
        assertThat(e).hasMessageContaining("This account is currently not available.");
    }

    @Test
    void aSudoThatRefusesLaterIsNamed() throws Exception {
        sudo("[ ! -e " + ShellQuote.quote(dir.resolve("no").toString()) + " ] || ask");
        try (Transport transport = transport(ssh -> ssh)) {
            RemoteHost host = transport.connect(server.node());
            Files.createFile(dir.resolve("no"));
            HostException e = catchThrowableOfType(HostException.class, () -> host.run(Command.sh(":")));
            assertThat(e.code()).isEqualTo("ssh.sudo-password-required");
        }
    }

    @Test
    void talkativeLogInScriptsAreNotOutput() throws Exception {
        program("sh", "echo noise; echo more noise >&2; printf '\\036pgh'; exec /bin/sh \"$@\"");
        program("id", "echo 0");
        try (Transport transport = transport(ssh -> ssh)) {
            assertThat(transport.connect(server.node()).run(Command.sh("echo out; echo err >&2")))
                    .isEqualTo(new CommandResult(0, "out\n", "err\n"));
        }
    }
}
