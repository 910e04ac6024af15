package io.pgha.ssh.internal.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.net.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressesTest {
    private final Workers workers = new Workers();
    private final List<Socket> filling = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        workers.close(Deadline.in(Duration.ofSeconds(5)));
        for (Socket socket : filling) {
            socket.close();
        }
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private static ServerSocket listen(String address, int port) throws IOException {
        return new ServerSocket(port, 1, address(address));
    }

    /** Takes all places in the queue of a server that accepts nobody: from now on the address is silent. */
    private void fill(ServerSocket server) throws IOException {
        while (true) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
    }

    private Socket connect(int port, Duration limit, String... addresses) throws IOException, InterruptedException {
        List<InetAddress> all = new ArrayList<>();
        for (String each : addresses) {
            all.add(address(each));
        }
        return new Addresses(all, port, workers).connect(Deadline.in(limit));
    }

    @Test
    void aSilentAddressDoesNotKeepTheNextFromAnswering() throws Exception {
        try (ServerSocket silent = listen("127.0.0.2", 0);
                ServerSocket also = listen("127.0.0.3", silent.getLocalPort());
                ServerSocket live = listen("127.0.0.4", silent.getLocalPort())) {
            fill(silent);
            fill(also);
            long start = System.nanoTime();
            try (Socket socket =
                    connect(live.getLocalPort(), Duration.ofSeconds(50), "127.0.0.2", "127.0.0.3", "127.0.0.4")) {
                assertThat(socket.getInetAddress()).isEqualTo(address("127.0.0.4"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void anAddressWhereNobodyListensIsPassedOver() throws Exception {
        try (ServerSocket live = listen("127.0.0.4", 0)) {
            try (Socket socket =
                    connect(live.getLocalPort(), Duration.ofSeconds(50), "::1", "127.0.0.2", "127.0.0.4")) {
                assertThat(socket.getRemoteSocketAddress())
                        .isEqualTo(new InetSocketAddress("127.0.0.4", live.getLocalPort()));
            }
        }
    }

    @Test
    void theFirstThatAnswersIsTaken() throws Exception {
        try (ServerSocket first = listen("127.0.0.2", 0);
                ServerSocket second = listen("127.0.0.3", first.getLocalPort())) {
            try (Socket socket = connect(second.getLocalPort(), Duration.ofSeconds(50), "127.0.0.2", "127.0.0.3")) {
                assertThat(socket.getInetAddress()).isEqualTo(address("127.0.0.2"));
            }
        }
    }

    @Test
    void whereNoneAnswersTheReasonIsKnown() throws Exception {
        try (ServerSocket silent = listen("127.0.0.2", 0)) {
            fill(silent);
            int port = silent.getLocalPort();
            assertThat(catchThrowableOfType(
                            IOException.class, () -> connect(port, Duration.ofMillis(600), "127.0.0.2", "127.0.0.3")))
                    .isInstanceOf(SocketTimeoutException.class);
            ConnectException e = catchThrowableOfType(
                    ConnectException.class, () -> connect(port, Duration.ofSeconds(50), "127.0.0.3", "127.0.0.4"));
            assertThat(e.getSuppressed()).hasSize(1);
        }
    }

    @Test
    void theFamiliesAlternate() throws Exception {
        assertThat(Addresses.alternating(List.of(
                        address("::1"), address("::2"), address("::3"), address("10.0.0.1"), address("10.0.0.2"))))
                .containsExactly(
                        address("::1"), address("10.0.0.1"), address("::2"), address("10.0.0.2"), address("::3"));
        assertThat(Addresses.alternating(List.of(address("10.0.0.1"), address("::1"))))
                .containsExactly(address("10.0.0.1"), address("::1"));
    }
}
