package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.HostException;
import io.pgha.host.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same known_hosts gives the same answer as from {@code ssh}; a real one is asked each time. */
@Timeout(60)
class LikeOpenSshTest {
    @TempDir
    static Path dir;

    private static RealSshd sshd;
    private static String stranger;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        OpenSshTransportTest.requireSshd();
        sshd = new RealSshd(dir, List.of());
        RealSshd.keygen(
                "-q", "-t", "ed25519", "-N", "", "-f", dir.resolve("other").toString());
        stranger = publicKey("other");
    }

    @AfterAll
    static void stop() {
        if (sshd != null) {
            sshd.close();
        }
    }

    private static String publicKey(String file) throws IOException {
        String[] words = Files.readString(dir.resolve(file + ".pub")).split(" ", -1);
        return words[0] + " " + words[1];
    }

    /** What came of it. */
    enum Answer {
        IN,
        UNKNOWN,
        CHANGED,
        REVOKED
    }

    private Answer ofSsh(Path knownHosts, HostKeyPolicy policy) throws IOException, InterruptedException {
        Process ssh = new ProcessBuilder(
                        "ssh",
                        "-F",
                        "none",
                        "-p",
                        String.valueOf(sshd.port()),
                        "-i",
                        dir.resolve("id").toString(),
                        "-o",
                        "BatchMode=yes",
                        "-o",
                        "UserKnownHostsFile=" + knownHosts,
                        "-o",
                        "GlobalKnownHostsFile=/dev/null",
                        "-o",
                        "UpdateHostKeys=no",
                        "-o",
                        "StrictHostKeyChecking=" + (policy == HostKeyPolicy.STRICT ? "yes" : "accept-new"),
                        "root@127.0.0.1",
                        "true")
                .redirectErrorStream(true)
                .start();
        ssh.getOutputStream().close();
        String said = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ssh.waitFor() == 0) {
            return Answer.IN;
        }
        return said.contains("REVOKED HOST KEY")
                ? Answer.REVOKED
                : said.contains("IDENTIFICATION HAS CHANGED") ? Answer.CHANGED : Answer.UNKNOWN;
    }

    private Answer ofPgha(Path knownHosts, HostKeyPolicy policy) throws InterruptedException {
        try (Transport transport = Ssh.transport(ssh -> ssh.user("root")
                .privateKey(dir.resolve("id"))
                .knownHosts(knownHosts)
                .hostKeyPolicy(policy))) {
            transport.connect(sshd.node());
            return Answer.IN;
        } catch (HostException e) {
            return switch (e.code()) {
                case "ssh.host-key-unknown" -> Answer.UNKNOWN;
                case "ssh.host-key-changed" -> Answer.CHANGED;
                case "ssh.host-key-revoked" -> Answer.REVOKED;
                default -> throw e;
            };
        }
    }

    /** HOST is {@code [127.0.0.1]:port}; ED, EC and RSA are the server's keys, OTHER is another machine's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HOST ED",
                "HOST EC",
                "HOST RSA",
                "HOST OTHER",
                "HOST OTHER\nHOST ED",
                "HOST EC\nHOST RSA a comment",
                "127.0.0.1 ED",
                "127.0.0.1 EC",
                "127.0.0.1 OTHER",
                "127.0.0.1 OTHER\n127.0.0.1 ED",
                "127.0.0.1 ED\nHOST OTHER",
                "127.0.0.1 OTHER\nHOST ED",
                "127.0.0.1:PORT ED",
                "[127.0.0.1]:1 ED",
                "[127.0.0.1]:1 OTHER\n127.0.0.1 ED",
                "HOST 1024 37 159846738239",
                "HOST 1024 37 159846738239\nHOST ED",
                "127.0.0.1 1024 37 159846738239",
                "@cert-authority * ED",
                "@cert-authority * OTHER\nHOST ED",
                "@cert-authority HOST OTHER",
                "@revoked * ED\nHOST ED",
                "HOST ED\n@revoked HOST ED",
                "HOST ED\n@revoked * OTHER",
                "@revoked * ED",
                "@strange HOST ED",
                "@revoked @cert-authority HOST ED",
                "* ED",
                "[*]:PORT ED",
                "[127.0.0.?]:PORT ED",
                "*,!HOST ED",
                "*,!127.0.0.1 ED",
                "![127.*]:PORT,HOST ED",
                "!HOST ED",
                "other,HOST,more ED",
                "other,127.0.0.1 ED",
                "  \tHOST\t ED",
                "HOST ED\r\n",
                "# HOST OTHER\n\n#\nHOST ED # comment",
                "\u00ef\u00bb\u00bfHOST ED",
                "\u00ef\u00bb\u00bf# comment\nHOST ED",
                "HOST",
                "HOST ssh-ed25519",
                "HOST ssh-ed25519 AAAA",
                "HOST ssh-ed25519 not*base64\nHOST ED",
                "HOST ssh-ed448 AAAACXNzaC1lZDQ0OAAAADk=",
                "HOST ssh-rsa MISMATCHED",
                "HASHED ED",
                "HASHED OTHER",
                "HASHEDPLAIN ED",
                "HASHEDPLAIN OTHER",
                "|1|a|b ED",
                "|2|x ED"
            })
    void everyKnownHosts(String template) throws Exception {
        String mismatched = stranger.substring(stranger.indexOf(' ') + 1);
        String content = template.replace("HASHEDPLAIN", hashed("127.0.0.1"))
                        .replace("HASHED", hashed("[127.0.0.1]:" + sshd.port()))
                        .replace("HOST", "[127.0.0.1]:" + sshd.port())
                        .replace("PORT", String.valueOf(sshd.port()))
                        .replace("MISMATCHED", mismatched)
                        .replace("OTHER", stranger)
                        .replace("ED", publicKey("host_ed25519"))
                        .replace("EC", publicKey("host_ecdsa"))
                        .replace("RSA", publicKey("host_rsa"))
                + "\n";
        List<String> differences = new ArrayList<>();
        for (HostKeyPolicy policy : HostKeyPolicy.values()) {
            Path file = dir.resolve("known_hosts_" + policy);
            Files.writeString(file, content, StandardCharsets.ISO_8859_1);
            Answer wanted = ofSsh(file, policy);
            Files.writeString(file, content, StandardCharsets.ISO_8859_1);
            Answer got = ofPgha(file, policy);
            if (wanted != got) {
                differences.add(policy + ": ssh says " + wanted + ", pgha " + got);
            }
            if (policy == HostKeyPolicy.STRICT || got != Answer.IN) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).isEqualTo(content);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static String hashed(String name) throws Exception {
        Path file = dir.resolve("hashed");
        Files.writeString(file, name + " " + stranger + "\n");
        RealSshd.keygen("-q", "-H", "-f", file.toString());
        return Files.readString(file).split(" ", -1)[0];
    }
}
