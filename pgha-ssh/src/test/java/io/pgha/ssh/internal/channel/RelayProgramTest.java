package io.pgha.ssh.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The relay's program by itself, without SSH in between. */
@Timeout(60)
class RelayProgramTest {
    private static final String MARK = new String(RootShell.READY, StandardCharsets.US_ASCII);

    @Test
    void itIsOneLineThatAnyShellTakesAsItIs() {
        String line = RelayProgram.line("fe80::1%eth0", 2379);
        assertThat(line)
                .doesNotContain("\n", "!", "\\")
                .startsWith("exec perl -e '")
                .endsWith(" -- 'fe80::1%eth0' 2379");
        assertThat(line.chars().filter(c -> c == '\'')).hasSize(4);
    }

    /** Log-in shells that this machine has, of those that read quotes each in a way of their own. */
    static List<String> shells() {
        return Stream.of("/bin/sh", "/bin/bash", "/bin/dash", "/bin/csh", "/usr/bin/tcsh", "/usr/bin/fish", "/bin/zsh")
                .filter(shell -> Files.isExecutable(Path.of(shell)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void eachShellStartsIt(String shell) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process relay =
                    new ProcessBuilder(shell, "-c", RelayProgram.line("127.0.0.1", server.getLocalPort())).start();
            try (Socket served = server.accept()) {
                relay.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
                relay.getOutputStream().close();
                assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo("question");
                served.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
                served.shutdownOutput();
                assertThat(relay.getInputStream().readAllBytes()).asString().isEqualTo(MARK + "answer");
            }
            assertThat(relay.waitFor()).isZero();
            assertThat(relay.getErrorStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void whatItCannotReachItTells() throws Exception {
        int unused;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = free.getLocalPort();
        }
        assertThat(refusal("127.0.0.1", unused)).isEqualTo(MARK + "Connection refused");
        assertThat(refusal("no-such-name.invalid", unused)).startsWith(MARK).hasSizeGreaterThan(MARK.length());
    }

    private static String refusal(String host, int port) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", RelayProgram.line(host, port));
        builder.environment().put("LC_ALL", "C");
        Process relay = builder.start();
        relay.getOutputStream().close();
        assertThat(relay.getInputStream().readAllBytes()).isEmpty();
        String said = new String(relay.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(relay.waitFor()).isEqualTo(1);
        return said;
    }

    /**
     * Where nobody reads its output any more it hands on what it has been given, and ends though the far side stays.
     */
    @Test
    void whatItWasGivenBeforeItsReaderWentArrives() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process relay =
                    new ProcessBuilder("/bin/sh", "-c", RelayProgram.line("127.0.0.1", server.getLocalPort())).start();
            try (Socket served = server.accept()) {
                assertThat(relay.getInputStream().readNBytes(MARK.length()))
                        .asString()
                        .isEqualTo(MARK);
                relay.getOutputStream().write(new byte[60_000]);
                relay.getOutputStream().flush();
                relay.getInputStream().close();
                relay.getOutputStream().close();
                assertThat(served.getInputStream().readAllBytes()).hasSize(60_000);
                assertThat(relay.waitFor()).isZero();
            }
        }
    }
}
