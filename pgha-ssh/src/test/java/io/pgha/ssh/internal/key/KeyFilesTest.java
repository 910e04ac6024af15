package io.pgha.ssh.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.secret.Secret;
import io.pgha.ssh.RealSshd;
import io.pgha.ssh.SshAuthenticationException;
import io.pgha.ssh.SshCredential;
import io.pgha.ssh.TestKeys;
import io.pgha.ssh.internal.peer.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
    private static final Peer PEER = new Peer("pg1", "10.0.0.1", 22, "ops", List.of(), "", List.of(), Optional.empty());

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "ed25519,256,RFC4716,",
        "ed25519,256,RFC4716,secret",
        "ecdsa,256,RFC4716,",
        "ecdsa,384,PEM,",
        "ecdsa,521,PKCS8,",
        "ecdsa,521,RFC4716,secret",
        "ecdsa,256,PEM,secret",
        "ecdsa,384,PKCS8,secret",
        "rsa,2048,RFC4716,",
        "rsa,3072,PEM,",
        "rsa,2048,PKCS8,",
        "rsa,2048,RFC4716,sécret ☕",
        "rsa,2048,PEM,secret",
        "rsa,2048,PKCS8,secret"
    })
    void whatSshKeygenWritesIsRead(String type, String bits, String format, String passphrase) throws Exception {
        Path file = dir.resolve("id");
        String secret = passphrase == null ? "" : passphrase;
        RealSshd.keygen("-q", "-t", type, "-b", bits, "-m", format, "-N", secret, "-f", file.toString());
        KeyPair key = read(file, secret);
        String blob = Files.readString(dir.resolve("id.pub")).split(" ", 3)[1];
        assertThat(Base64.getEncoder().encodeToString(wire(key))).isEqualTo(blob);
        assertBelongTogether(key);
    }

    @Test
    void anEd25519KeyInPkcs8IsRead() throws Exception {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path file = dir.resolve("id.pem");
        pkcs8(file, key);
        KeyPair read = read(file, "");
        assertThat(wire(read)).isEqualTo(wire(key));
        assertBelongTogether(read);
    }

    @ParameterizedTest
    @CsvSource({"RFC4716,", "RFC4716,secret", "PEM,", "PEM,secret", "PKCS8,", "PKCS8,secret"})
    void whatEditorsMakeOfAKeyIsRead(String format, String passphrase) throws Exception {
        Path file = dir.resolve("id");
        String secret = passphrase == null ? "" : passphrase;
        RealSshd.keygen("-q", "-t", "ecdsa", "-m", format, "-N", secret, "-f", file.toString());
        byte[] wanted = wire(read(file, secret));
        String text = Files.readString(file);
        for (String edited :
                List.of("\ufeff" + text, text.replace("\n", "\r\n"), "\ufeff\n" + text + "\n\n", text.strip())) {
            Files.writeString(file, edited);
            assertThat(wire(read(file, secret))).isEqualTo(wanted);
            Files.writeString(file, edited.replace("\ufeff", ""), StandardCharsets.UTF_16);
            assertThat(wire(read(file, secret))).isEqualTo(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource({"RFC4716,", "RFC4716,secret", "PEM,", "PEM,secret", "PKCS8,", "PKCS8,secret"})
    void aKeyOfAnotherKindIsNamed(String format, String passphrase) throws Exception {
        Path file = dir.resolve("id");
        String secret = passphrase == null ? "" : passphrase;
        RealSshd.keygen("-q", "-t", "dsa", "-m", format, "-N", secret, "-f", file.toString());
        SshAuthenticationException e = catchThrowableOfType(SshAuthenticationException.class, () -> read(file, secret));
        assertThat(e.code()).isEqualTo("ssh.key-unsupported");
        assertThat(e).hasMessageContaining("supported are Ed25519, ECDSA (nistp256, nistp384, nistp521) and RSA");
        assertThat(e.remedy()).contains("ssh-keygen -t ed25519 -f " + file + "-ed25519 ");
        if (!secret.isEmpty() && !format.equals("RFC4716")) {
            assertThat(catchThrowableOfType(SshAuthenticationException.class, () -> read(file, "other"))
                            .code())
                    .isEqualTo("ssh.key-passphrase-wrong");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
    void aKeyThatIsCutOffIsDamaged(String format) throws Exception {
        Path file = dir.resolve("id");
        RealSshd.keygen("-q", "-t", "ecdsa", "-m", format, "-N", "", "-f", file.toString());
        String text = Files.readString(file);
        String end = text.substring(text.indexOf("-----END"));
        int begin = text.indexOf('\n') + 1;
        for (int length : new int[] {0, 1, 20, 60, 100}) {
            for (String cut :
                    List.of(text.substring(0, begin + length), text.substring(0, begin + length) + "\n" + end)) {
                Files.writeString(file, cut);
                SshAuthenticationException e =
                        catchThrowableOfType(SshAuthenticationException.class, () -> read(file, ""));
                assertThat(e).as(cut).isNotNull();
                assertThat(e.code()).as(cut).isEqualTo("ssh.key-unreadable");
                assertThat(e.remedy()).doesNotContain("ed25519 -f " + file + " ");
            }
        }
    }

    /** Wherever the damage is, neither the passphrase nor the kind is to blame. */
    @ParameterizedTest
    @CsvSource({"ed25519,RFC4716", "ecdsa,RFC4716", "rsa,RFC4716", "ecdsa,PEM", "rsa,PEM", "ecdsa,PKCS8", "rsa,PKCS8"})
    void aKeyWithADamagedPlaceIsDamaged(String type, String format) throws Exception {
        Path file = dir.resolve("id");
        RealSshd.keygen("-q", "-t", type, "-m", format, "-N", "", "-f", file.toString());
        List<String> lines = Files.readAllLines(file);
        byte[] content = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        byte[] wanted = wire(read(file, ""));
        int found = 0;
        // Behind what names the kind, before the comment; in OpenSSH's format the private half begins in the middle.
        int first = format.equals("RFC4716") ? content.length / 2 : 40;
        for (int at = first; at < content.length - 40; at += Math.max(1, content.length / 12)) {
            byte[] damaged = content.clone();
            damaged[at] ^= 0x10;
            Files.writeString(
                    file,
                    lines.get(0) + "\n" + Base64.getEncoder().encodeToString(damaged) + "\n"
                            + lines.get(lines.size() - 1) + "\n");
            SshAuthenticationException e;
            try {
                // What is not needed, such as a second copy of the public half, may be anything.
                KeyPair key = read(file, "");
                assertThat(wire(key)).as("byte %d", at).isEqualTo(wanted);
                assertBelongTogether(key);
                continue;
            } catch (SshAuthenticationException refused) {
                e = refused;
                found++;
            }
            assertThat(e.code()).as("byte %d: %s", at, e.getMessage()).isEqualTo("ssh.key-unreadable");
            assertThat(e).hasMessageContaining("is damaged");
        }
        assertThat(found).isPositive();
    }

    @Test
    void damagedCheckNumbersAreNoPassphrase() throws Exception {
        Path file = dir.resolve("id");
        RealSshd.keygen("-q", "-t", "ed25519", "-N", "", "-f", file.toString());
        List<String> lines = Files.readAllLines(file);
        byte[] content = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        content[98] ^= 1; // the first of the two check numbers
        Files.writeString(
                file,
                lines.get(0) + "\n" + Base64.getEncoder().encodeToString(content) + "\n" + lines.get(lines.size() - 1)
                        + "\n");
        SshAuthenticationException e = catchThrowableOfType(SshAuthenticationException.class, () -> read(file, ""));
        assertThat(e.code()).isEqualTo("ssh.key-unreadable");
        assertThat(e).hasMessageContaining("is damaged: its check numbers differ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RFC4716", "PEM", "PKCS8"})
    void aCommentMayHoldAnyWord(String format) throws Exception {
        Path file = dir.resolve("id");
        RealSshd.keygen("-q", "-t", "ecdsa", "-m", format, "-N", "", "-f", file.toString());
        byte[] wanted = wire(read(file, ""));
        Files.writeString(file, "# my key, NOT ENCRYPTED\n" + Files.readString(file) + "4,ENCRYPTED\n");
        assertThat(wire(read(file, ""))).isEqualTo(wanted);
    }

    @Test
    void aShortRsaKeyIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        KeyPair key = generator.generateKeyPair();
        for (Path file : List.of(pkcs8(dir.resolve("p8"), key), TestKeys.write(dir.resolve("openssh"), key))) {
            SshAuthenticationException e = catchThrowableOfType(SshAuthenticationException.class, () -> read(file, ""));
            assertThat(e.code()).isEqualTo("ssh.key-unsupported");
            assertThat(e).hasMessageContaining("is an RSA key of 512 bits, which is too short");
            assertThat(e.remedy()).contains("ssh-keygen -t ed25519 -f " + file + "-ed25519 ");
        }
    }

    @Test
    void aCurveThatSshDoesNotHaveIsNamed() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(new ECGenParameterSpec("secp256k1"));
        Path file = pkcs8(dir.resolve("id"), generator.generateKeyPair());
        SshAuthenticationException e = catchThrowableOfType(SshAuthenticationException.class, () -> read(file, ""));
        assertThat(e.code()).isEqualTo("ssh.key-unsupported");
        assertThat(e).hasMessageContaining("is of ECDSA with the curve secp256k1");
    }

    private static Path pkcs8(Path file, KeyPair key) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(key.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    @Test
    void aKeyIsReadOnce() throws Exception {
        Path file = TestKeys.write(dir.resolve("id"), TestKeys.ec());
        KeyFiles keys = new KeyFiles();
        SshCredential.PrivateKey credential = new SshCredential.PrivateKey(file, Optional.empty());
        KeyPair first = keys.get(PEER, credential);
        Files.delete(file);
        assertThat(keys.get(PEER, credential)).isSameAs(first);
    }

    private static KeyPair read(Path file, String passphrase) {
        Optional<Secret> secret = passphrase.isEmpty() ? Optional.empty() : Optional.of(Secret.of(passphrase));
        return new KeyFiles().get(PEER, new SshCredential.PrivateKey(file, secret));
    }

    private static byte[] wire(KeyPair key) {
        return new Buffer.PlainBuffer().putPublicKey(key.getPublic()).getCompactData();
    }

    private static void assertBelongTogether(KeyPair key) throws Exception {
        String algorithm = switch (key.getPublic().getAlgorithm()) {
            case "RSA" -> "SHA512withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key.getPrivate());
        signature.update(new byte[] {1, 2, 3});
        byte[] signed = signature.sign();
        signature.initVerify(key.getPublic());
        signature.update(new byte[] {1, 2, 3});
        assertThat(signature.verify(signed)).isTrue();
    }
}
