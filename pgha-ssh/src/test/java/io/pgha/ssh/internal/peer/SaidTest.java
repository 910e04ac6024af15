package io.pgha.ssh.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.HostException;
import io.pgha.host.Transport;
import io.pgha.secret.Secret;
import io.pgha.ssh.MinaServer;
import io.pgha.ssh.Ssh;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that send back what they are sent, in place of a shell. */
@Timeout(60)
class SaidTest {
    private static final String PASSWORD = "SuperS3cretSudo";
    private static final Peer PEER = new Peer(
            "pg1",
            "10.0.0.1",
            22,
            "ops",
            List.of(new SshCredential.PrivateKey(Path.of("id"), Optional.of(Secret.of("pass-phrase")))),
            "",
            List.of(Secret.of("pass-phrase"), Secret.of(PASSWORD)),
            Optional.empty());

    @TempDir
    Path dir;

    private MinaServer server;

    @BeforeEach
    void start() throws IOException {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        server = new MinaServer();
        server.authorized.add(key.getPublic());
        server.start();
        Files.writeString(dir.resolve("known_hosts"), server.knownHostsLine());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private HostException refused(String user) {
        try (Transport transport = Ssh.transport(ssh -> ssh.user(user)
                .privateKey(dir.resolve("id"))
                .knownHosts(dir.resolve("known_hosts"))
                .sudoPassword(Secret.of(PASSWORD)))) {
            return catchThrowableOfType(
                    HostException.class,
                    () -> transport
                            .connect(server.node())
                            .run(Command.builder()
                                    .script("PW='hunter2script'\nset x hunter3script")
                                    .stdin("hunter4stdin")
                                    .build()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat; echo; echo 'Go away'",
                "tee /dev/stderr; echo; echo 'Go away'",
                "sh -x; echo; echo 'Go away'",
                "while read -r l || [ \"$l\" ]; do echo \"bad command: $l\"; done; echo 'Go away'",
                "cut -c 1-12; echo 'Go away'",
                "cat | tr '\\n' ' '; echo; echo 'Go away'"
            })
    void whatWasSentIsNotQuoted(String forced) {
        server.forced = forced;
        for (String user : List.of("ops", "root")) {
            HostException e = refused(user);
            assertThat(e.code()).isEqualTo("ssh.shell-refused");
            assertThat(e)
                    .hasMessageContaining("what it repeats of that which it was sent is left out")
                    .hasMessageNotContaining("S3cret")
                    .hasMessageNotContaining("hunter")
                    .hasMessageContaining("Go away");
        }
    }

    @Test
    void whatItSaysByItselfIsQuoted() {
        server.forced = "echo 'This account is currently not available.'; exit 1";
        assertThat(refused("ops"))
                .hasMessageContaining("(exit status 1): This account is currently not available.\n")
                .hasMessageNotContaining("left out");
    }

    private static String shown(String text, String... sent) {
        byte[][] bytes = new byte[sent.length][];
        for (int i = 0; i < sent.length; i++) {
            bytes[i] = sent[i].getBytes(StandardCharsets.UTF_8);
        }
        return Said.of(PEER, text, "exec sh -c 'true'", bytes).shown();
    }

    @Test
    void secretsAreCovered() {
        assertThat(shown("heard pass-phrase\nand " + PASSWORD)).isEqualTo("heard ****\nand ****");
    }

    @Test
    void shortPasswordsAreNotQuotedEither() {
        String left = "(what it repeats of that which it was sent is left out)";
        assertThat(shown("you said: abc\nhello", "abc\n")).isEqualTo("hello\n" + left);
        assertThat(shown("[a!c]", "[a!c]\n")).isEqualTo(left);
        assertThat(shown("the abcdef", "abc\n")).isEqualTo("the abcdef");
    }

    @Test
    void whatIsLongIsCutAtALine() {
        String shown = shown("one\n" + "x".repeat(5000) + "secret", "secret");
        assertThat(shown).isEqualTo("one");
    }

    @Test
    void theCommandLineIsNotQuoted() {
        assertThat(shown("sh: exec sh -c 'true'\nexec sh\nno")).startsWith("no\n(");
    }
}
