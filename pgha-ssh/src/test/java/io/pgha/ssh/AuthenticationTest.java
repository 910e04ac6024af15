package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.Transport;
import io.pgha.secret.Secret;
import io.pgha.ssh.internal.key.KeyFiles;
import io.pgha.ssh.internal.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {
    private static final Secret RIGHT = Secret.of("pässword with spaces");
    private static final Secret WRONG = Secret.of("not-the-password");

    @TempDir
    Path dir;

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        server = new MinaServer();
        server.sshd.setPasswordAuthenticator((user, password, session) -> {
            asked.add("password");
            return password.equals(RIGHT.reveal());
        });
        server.sshd.setKeyboardInteractiveAuthenticator(new DefaultKeyboardInteractiveAuthenticator());
        server.start();
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Transport transport(UnaryOperator<SshOptions.Builder> credentials) {
        return Ssh.transport(ssh -> credentials.apply(ssh.user("root").knownHosts(dir.resolve("known_hosts"))));
    }

    private void letIn(UnaryOperator<SshOptions.Builder> credentials) throws InterruptedException {
        try (Transport transport = transport(credentials)) {
            assertThat(transport
                            .connect(server.node())
                            .run(Command.sh("echo in"))
                            .stdout())
                    .isEqualTo("in\n");
        }
    }

    private SshAuthenticationException refused(UnaryOperator<SshOptions.Builder> credentials) {
        try (Transport transport = transport(credentials)) {
            SshAuthenticationException e =
                    catchThrowableOfType(SshAuthenticationException.class, () -> transport.connect(server.node()));
            assertThat(e).hasMessageStartingWith("pg1: ").hasMessageContaining("\n  To fix: ");
            assertThat(e.remedy())
                    .as("no command writes to a file that is there")
                    .doesNotContainPattern("ssh-keygen -t \\S+ -f \\S*/(id|file)(?= |$)")
                    .doesNotContainPattern("-o \\S*/(id|file|none)(?= |$)");
            assertThat(e.toString() + e.getCause())
                    .doesNotContain(WRONG.reveal())
                    .doesNotContain(RIGHT.reveal());
            return e;
        }
    }

    private Path key(String name, KeyPair key) {
        return TestKeys.write(dir.resolve(name), key);
    }

    @Test
    void keysOfEachKindLetIn() throws Exception {
        KeyPair ec = TestKeys.ec();
        KeyPair rsa = TestKeys.rsa();
        server.authorized.add(ec.getPublic());
        server.authorized.add(rsa.getPublic());
        letIn(ssh -> ssh.privateKey(key("ec", ec)));
        letIn(ssh -> ssh.privateKey(key("rsa", rsa)));
    }

    @Test
    void aPasswordLetsIn() throws InterruptedException {
        letIn(ssh -> ssh.password(RIGHT));
    }

    @Test
    void aPasswordAnswersAServerThatOnlyAsksQuestions() throws InterruptedException {
        server.sshd.setUserAuthFactories(
                List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthKeyboardInteractiveFactory.INSTANCE));
        letIn(ssh -> ssh.password(RIGHT));
    }

    @Test
    void whatIsGivenIsTriedInOrder() throws InterruptedException {
        KeyPair known = TestKeys.ec();
        server.authorized.add(known.getPublic());
        Path stranger = key("stranger", TestKeys.rsa());
        Path friend = key("friend", known);
        letIn(ssh -> ssh.privateKey(stranger).privateKey(friend).password(WRONG));
        assertThat(asked).as("a key came first").isEmpty();
        letIn(ssh -> ssh.privateKey(stranger).password(RIGHT).privateKey(friend));
        assertThat(asked).containsExactly("password");
    }

    @Test
    void aKeyAndAPasswordMayBothBeNeeded() throws InterruptedException {
        KeyPair known = TestKeys.ec();
        server.authorized.add(known.getPublic());
        server.sshd.getProperties().put("auth-methods", "publickey,password");
        letIn(ssh -> ssh.privateKey(key("id", known)).password(RIGHT));
    }

    @Test
    void theRefusalSaysWhatWasTriedAndWhatIsTaken() {
        server.sshd.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
        Path file = key("stranger", TestKeys.ec());
        SshAuthenticationException e = refused(ssh -> ssh.privateKey(file).password(WRONG));
        assertThat(e.code()).isEqualTo("ssh.authentication-failed");
        assertThat(e)
                .hasMessageContaining("does not let user root in; tried key " + file + " (ECDSA SHA256:")
                .hasMessageContaining(", a password; the server takes publickey, password");
        assertThat(e.remedy()).contains("ssh-copy-id -i KEY.pub -p " + server.port() + " root@127.0.0.1");
        assertThat(asked).as("a wrong password is tried once").hasSize(1);
    }

    @Test
    void aMethodThatTheServerDoesNotTakeIsNotTried() {
        server.sshd.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        assertThat(refused(ssh -> ssh.password(RIGHT)).code()).isEqualTo("ssh.authentication-failed");
        assertThat(asked).isEmpty();
    }

    @Test
    void aKeyFileThatIsNotThereIsNamed() {
        SshAuthenticationException e = refused(ssh -> ssh.privateKey(dir.resolve("none")));
        assertThat(e.code()).isEqualTo("ssh.key-unreadable");
        assertThat(e).hasMessageContaining("the private key " + dir.resolve("none") + " does not exist");
        assertThat(e.remedy()).contains("ssh-keygen -t ed25519 -f " + dir.resolve("none") + " && ssh-copy-id");
    }

    @Test
    void aKeyFileIsToldWithTheDirectoryThatItIsLookedForIn() {
        SshAuthenticationException e = refused(ssh -> ssh.privateKey(Path.of("no-such-key")));
        assertThat(e)
                .hasMessageContaining("the private key no-such-key does not exist in "
                        + Path.of("").toAbsolutePath());
    }

    @Test
    void aKeyFileThatWouldBeWaitedForIsRefused() throws Exception {
        Path pipe = dir.resolve("file");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        SshAuthenticationException e = refused(ssh -> ssh.privateKey(pipe));
        assertThat(e.code()).isEqualTo("ssh.key-unreadable");
        assertThat(e).hasMessageContaining("the private key " + pipe + " is not a regular file");
        assertThat(e.remedy())
                .endsWith("ls -ld " + pipe)
                .as("nothing that would wait")
                .doesNotContain("ssh-keygen");
    }

    /** Its machine must not be blamed. */
    @Test
    void aKeyThatTakesLongToDecryptIsNamed() throws Exception {
        Path file = dir.resolve("id");
        RealSshd.keygen("-q", "-t", "ed25519", "-a", "100", "-N", RIGHT.reveal(), "-f", file.toString());
        SshAuthenticationException e =
                refused(ssh -> ssh.privateKey(file, RIGHT).connectTimeout(Duration.ofMillis(20)));
        assertThat(e.code()).isEqualTo("ssh.key-unreadable");
        assertThat(e).hasMessageContaining("the private key " + file + " was not read and decrypted within 20 ms");
        assertThat(e.remedy()).contains("ssh-keygen -p -a 16 -f " + file);
    }

    @Test
    void aKeyThatIsNotNeededMayBeMissing() throws InterruptedException {
        KeyPair known = TestKeys.ec();
        server.authorized.add(known.getPublic());
        letIn(ssh -> ssh.privateKey(key("id", known)).privateKey(dir.resolve("none")));
    }

    @Test
    void whatIsNoPrivateKeyIsToldApart() throws IOException {
        Path file = dir.resolve("file");
        Files.writeString(file, "ssh-ed25519 AAAA me\n");
        assertThat(refused(ssh -> ssh.privateKey(file))).hasMessageContaining("is a public key");
        Files.writeString(file, "PuTTY-User-Key-File-3: ssh-ed25519\n");
        assertThat(refused(ssh -> ssh.privateKey(file)).remedy()).contains("puttygen " + file);
        for (String text :
                List.of("ssh-ed25519-cert-v01@openssh.com AAAA me\n", "-----BEGIN CERTIFICATE-----\nAAAA\n")) {
            Files.writeString(file, text);
            assertThat(refused(ssh -> ssh.privateKey(file))).hasMessageContaining("is a certificate");
        }
        for (String text : List.of("-----BEGIN PUBLIC KEY-----\nAAAA\n", "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n")) {
            Files.writeString(file, text);
            assertThat(refused(ssh -> ssh.privateKey(file))).hasMessageContaining("is a public key");
        }
        Files.writeString(file, "");
        assertThat(refused(ssh -> ssh.privateKey(file))).hasMessageContaining("is empty");
        Files.writeString(file, "root");
        assertThat(refused(ssh -> ssh.privateKey(file))).hasMessageContaining("is not a private key");
        Files.writeString(file, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        SshAuthenticationException e = refused(ssh -> ssh.privateKey(file));
        assertThat(e.code()).isEqualTo("ssh.key-unreadable");
        assertThat(e).hasMessageContaining("damaged");
    }

    @Test
    void anEncryptedKeyNeedsItsPassphrase() throws Exception {
        for (String format : List.of("RFC4716", "PEM", "PKCS8")) {
            Path file = dir.resolve("id-" + format);
            RealSshd.keygen("-q", "-t", "ecdsa", "-m", format, "-N", RIGHT.reveal(), "-f", file.toString());
            assertThat(refused(ssh -> ssh.privateKey(file)).code()).as(format).isEqualTo("ssh.key-passphrase-required");
            SshAuthenticationException wrong = refused(ssh -> ssh.privateKey(file, WRONG));
            assertThat(wrong.code()).as(format).isEqualTo("ssh.key-passphrase-wrong");
            assertThat(wrong.remedy()).contains("ssh-keygen -y -f " + file);
            KeyPair key = new KeyFiles()
                    .get(
                            Peer.of(
                                    server.node(),
                                    SshOptions.builder()
                                            .user("u")
                                            .password(RIGHT)
                                            .build()),
                            new SshCredential.PrivateKey(file, Optional.of(RIGHT)));
            server.authorized.add(key.getPublic());
            letIn(ssh -> ssh.privateKey(file, RIGHT));
        }
    }

    @Test
    void optionsShowNoSecret() {
        SshOptions options = SshOptions.builder()
                .user("ops")
                .privateKey(Path.of("id"), RIGHT)
                .password(RIGHT)
                .sudoPassword(RIGHT)
                .jump(jump -> jump.host("bastion").password(RIGHT))
                .build();
        assertThat(options.toString()).contains("ops", "bastion", "****").doesNotContain(RIGHT.reveal());
    }
}
