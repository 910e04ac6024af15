package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real OpenSSH servers that offer one algorithm only. */
@Timeout(60)
class AlgorithmsTest {
    @TempDir
    Path dir;

    @BeforeAll
    static void start() {
        OpenSshTransportTest.requireSshd();
    }

    /** The largest group takes a busy machine longer than the 10 s that a handshake has by default. */
    private Transport transport() {
        return Ssh.transport(ssh -> ssh.user("root")
                .privateKey(dir.resolve("id"))
                .knownHosts(dir.resolve("known_hosts"))
                .connectTimeout(Duration.ofSeconds(50)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ciphers chacha20-poly1305@openssh.com",
                "KexAlgorithms diffie-hellman-group18-sha512",
                "KexAlgorithms diffie-hellman-group-exchange-sha256"
            })
    void someAreTakenWhereThereIsNothingElse(String setting) throws Exception {
        byte[] input = ShellContract.random(300_000);
        try (RealSshd sshd = new RealSshd(dir, List.of(setting));
                Transport transport = transport()) {
            assertThat(transport
                            .connect(sshd.node())
                            .run(Command.builder()
                                    .script("sha256sum | cut -d ' ' -f 1")
                                    .stdin(input)
                                    .build()))
                    .isEqualTo(new CommandResult(0, ShellContract.sha256(input) + "\n", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KexAlgorithms, sntrup761x25519-sha512@openssh.com, key exchange, curve25519-sha256",
        "Ciphers, 3des-cbc, cipher, aes128-gcm@openssh.com"
    })
    void othersAreNamedWithTheLineThatHelps(String setting, String theirs, String what, String ours) throws Exception {
        try (RealSshd sshd = new RealSshd(dir, List.of(setting + " " + theirs));
                Transport transport = transport()) {
            HostException e = catchThrowableOfType(HostException.class, () -> transport.connect(sshd.node()));
            assertThat(e.code()).isEqualTo("ssh.no-common-algorithm");
            assertThat(e)
                    .hasMessageContaining(
                            "has no " + what + " in common with us; it offers " + theirs + "; we have " + ours);
            assertThat(e.remedy()).contains(setting + " " + theirs + "," + ours).contains("systemctl reload ssh");
        }
    }
}
