package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.HostException;
import io.pgha.host.Transport;
import io.pgha.ssh.internal.key.KeyFiles;
import io.pgha.ssh.internal.key.KnownHosts;
import io.pgha.ssh.internal.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import net.schmizz.sshj.common.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyTest {
    private static final KeyPair EC = TestKeys.ec();
    private static final KeyPair RSA = TestKeys.rsa();
    private static final KeyPair OTHER = TestKeys.ec();

    @TempDir
    Path dir;

    private Path knownHosts;
    private MinaServer server;

    @BeforeEach
    void start() {
        KeyPair key = TestKeys.ec();
        TestKeys.write(dir.resolve("id"), key);
        knownHosts = dir.resolve("known hosts");
        server = new MinaServer(EC, RSA).start();
        server.authorized.add(key.getPublic());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Transport transport(HostKeyPolicy policy) {
        return Ssh.transport(ssh -> ssh.user("root")
                .privateKey(dir.resolve("id"))
                .knownHosts(knownHosts)
                .hostKeyPolicy(policy));
    }

    private HostKeyException refused(HostKeyPolicy policy) {
        try (Transport transport = transport(policy)) {
            return catchThrowableOfType(HostKeyException.class, () -> transport.connect(server.node()));
        }
    }

    private void accepted(HostKeyPolicy policy) throws InterruptedException {
        try (Transport transport = transport(policy)) {
            transport.connect(server.node());
        }
    }

    private String line(KeyPair key) {
        return MinaServer.knownHostsLine(server.port(), key);
    }

    private static String fingerprint(KeyPair key) {
        return KnownHosts.fingerprint(
                new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData());
    }

    @Test
    void theFingerprintIsThatOfSshKeygen() throws Exception {
        Path file = dir.resolve("key");
        RealSshd.keygen("-q", "-t", "ed25519", "-N", "", "-f", file.toString());
        KeyPair key = new KeyFiles()
                .get(
                        Peer.of(
                                server.node(),
                                SshOptions.builder().user("u").privateKey(file).build()),
                        new SshCredential.PrivateKey(file, java.util.Optional.empty()));
        assertThat(RealSshd.keygen("-lf", file.toString()))
                .contains(KeyFiles.describe(key).substring(8));
        assertThat(KeyFiles.describe(key)).startsWith("ED25519 SHA256:");
    }

    @Test
    void anUnknownMachineIsRefused() {
        HostKeyException e = refused(HostKeyPolicy.STRICT);
        assertThat(e.code()).isEqualTo("ssh.host-key-unknown");
        assertThat(e.node()).contains("pg1");
        assertThat(e.fingerprint()).isEqualTo(fingerprint(RSA));
        assertThat(e)
                .hasMessageContaining("[127.0.0.1]:" + server.port() + " is not in " + knownHosts)
                .hasMessageContaining("RSA " + fingerprint(RSA))
                .hasMessageContaining("To fix: ");
        assertThat(e.remedy())
                .contains("ssh-keyscan -p " + server.port() + " 127.0.0.1 >> '" + knownHosts + "'")
                .contains("ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub");
        assertThat(knownHosts).doesNotExist();
    }

    /** Runs the remedy's command, with a scan that needs no server of the right kind. */
    private void followed(HostKeyException e) throws Exception {
        String remedy = e.remedy();
        String command = remedy.substring(remedy.indexOf(" run: ") + 6, remedy.indexOf(" ; or believe"));
        Path scan = dir.resolve("ssh-keyscan");
        Files.writeString(scan, "#!/bin/sh\nprintf '%s' '" + line(EC) + line(RSA) + "'\n");
        Files.setPosixFilePermissions(scan, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", command);
        shell.environment().put("PATH", dir + ":" + System.getenv("PATH"));
        assertThat(shell.start().waitFor()).as(command).isZero();
        accepted(HostKeyPolicy.STRICT);
    }

    @Test
    void theRemedyForAnUnknownMachineWorksOnAFileWithoutALastNewline() throws Exception {
        String other =
                "other " + line(OTHER).substring(line(OTHER).indexOf(' ') + 1).strip();
        Files.writeString(knownHosts, other);
        followed(refused(HostKeyPolicy.STRICT));
        assertThat(Files.readString(knownHosts)).isEqualTo(other + "\n" + line(EC) + line(RSA));
    }

    @Test
    void theRemedyForAnUnknownMachineWorksWithoutAFolder() throws Exception {
        knownHosts = dir.resolve("a folder/below/known_hosts");
        HostKeyException e = refused(HostKeyPolicy.STRICT);
        assertThat(e).hasMessageContaining("is not in " + knownHosts + ", which does not exist;");
        followed(e);
    }

    @Test
    void aChangedKeyIsRefusedUnderEveryPolicy() throws IOException {
        Files.writeString(knownHosts, line(OTHER));
        for (HostKeyPolicy policy : HostKeyPolicy.values()) {
            HostKeyException e = refused(policy);
            assertThat(e.code()).isEqualTo("ssh.host-key-changed");
            assertThat(e)
                    .hasMessageContaining("has ECDSA " + fingerprint(OTHER) + " (line 1)")
                    .hasMessageContaining("the server sent ECDSA " + fingerprint(EC));
            assertThat(e.remedy())
                    .contains("ssh-keygen -R '[127.0.0.1]:" + server.port() + "' -f '" + knownHosts + "'");
            assertThat(Files.readString(knownHosts)).isEqualTo(line(OTHER));
        }
    }

    @Test
    void theAlgorithmThatIsKnownIsAskedForFirst() throws Exception {
        for (KeyPair known : new KeyPair[] {RSA, EC}) {
            Files.writeString(knownHosts, line(known));
            accepted(HostKeyPolicy.STRICT);
            accepted(HostKeyPolicy.ACCEPT_NEW);
            assertThat(Files.readString(knownHosts)).isEqualTo(line(known));
        }
    }

    @Test
    void anyOfSeveralKnownKeysIsGood() throws Exception {
        Files.writeString(knownHosts, line(OTHER) + line(EC));
        accepted(HostKeyPolicy.STRICT);
    }

    @Test
    void aRevokedKeyIsRefusedThoughItIsKnown() throws IOException {
        Files.writeString(knownHosts, line(EC) + "@revoked * " + line(EC).substring(line(EC).indexOf(' ') + 1));
        HostKeyException e = refused(HostKeyPolicy.ACCEPT_NEW);
        assertThat(e.code()).isEqualTo("ssh.host-key-revoked");
        assertThat(e).hasMessageContaining("revokes in line 2");
    }

    @Test
    void aNewMachineIsBelievedOnceWhereThatIsChosen() throws Exception {
        accepted(HostKeyPolicy.ACCEPT_NEW);
        assertThat(Files.readString(knownHosts)).isEqualTo(line(RSA));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(knownHosts)))
                .isEqualTo("rw-------");
        accepted(HostKeyPolicy.STRICT);
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Files.createDirectory(knownHosts);
        HostKeyException e = refused(HostKeyPolicy.STRICT);
        assertThat(e.code()).isEqualTo("ssh.known-hosts-unreadable");
        assertThat(e).hasMessageContaining(knownHosts.toString());
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() throws IOException {
        Files.createFile(dir.resolve("file"));
        knownHosts = dir.resolve("file/known_hosts");
        HostException e = refused(HostKeyPolicy.ACCEPT_NEW);
        assertThat(e.code()).isIn("ssh.known-hosts-unwritable", "ssh.known-hosts-unreadable");
        assertThat(e).hasMessageContaining(knownHosts.toString());
    }
}
