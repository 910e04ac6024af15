package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgha.host.Command;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections through a real OpenSSH that forbids tunnels. */
@Timeout(120)
class RelayTest {
    private static final int LARGE = 6_000_000;

    @TempDir
    static Path dir;

    private static RealSshd sshd;

    private Transport transport;
    private RemoteHost host;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        OpenSshTransportTest.requireSshd();
        sshd = new RealSshd(dir, List.of("AllowTcpForwarding no"));
    }

    @AfterAll
    static void stop() {
        if (sshd != null) {
            sshd.close();
        }
    }

    @BeforeEach
    void connect() throws InterruptedException {
        transport = transport(dir, ssh -> ssh);
        host = transport.connect(sshd.node());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private static Transport transport(Path keys, UnaryOperator<SshOptions.Builder> more) {
        return Ssh.transport(ssh ->
                more.apply(ssh.user("root").privateKey(keys.resolve("id")).knownHosts(keys.resolve("known_hosts"))));
    }

    private interface Conversation {
        void with(Socket client) throws IOException, InterruptedException;
    }

    /** Serves each connection in a thread of its own. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> clients = new ArrayList<>();

        Server(String address, Conversation conversation) throws IOException {
            server = new ServerSocket(0, 50, InetAddress.getByName(address));
            Future<?> unused = ShellContract.async(() -> {
                while (!server.isClosed()) {
                    Socket client = server.accept();
                    synchronized (clients) {
                        clients.add(client);
                    }
                    Future<?> ignored = ShellContract.async(() -> {
                        try (client) {
                            conversation.with(client);
                        }
                        return true;
                    });
                }
                return true;
            });
        }

        static Server echo(String address) throws IOException {
            return new Server(address, client -> client.getInputStream().transferTo(client.getOutputStream()));
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            hangUp();
        }

        void hangUp() throws IOException {
            server.close();
            synchronized (clients) {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    private static Socket dial(Tunnel tunnel) throws IOException {
        Socket socket = new Socket();
        socket.connect(tunnel.localAddress(), 10_000);
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void ping(Socket socket, int word) throws IOException {
        socket.getOutputStream().write(word);
        assertThat(socket.getInputStream().read()).isEqualTo(word);
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Returns the arguments of all programs that relay to a port. */
    private static List<String> programs(int port) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .map(RelayTest::arguments)
                    .filter(arguments -> arguments.startsWith("pgha relay to ") && arguments.endsWith(" " + port))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String arguments(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException ended) {
            return "";
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(until);
            Thread.sleep(20);
        }
    }

    private static void awaitNoProgram(int port) throws InterruptedException {
        await("no program relays to " + port, () -> programs(port).isEmpty());
    }

    @Test
    void tunnelsStayForbidden() {
        HostException e = catchThrowableOfType(HostException.class, () -> host.forward("127.0.0.1", sshd.port()));
        assertThat(e.code()).isEqualTo(HostException.FORWARDING_FORBIDDEN);
    }

    @Test
    void smallMessagesGoBackAndForthAtOnce() throws Exception {
        try (Server echo = Server.echo("127.0.0.1");
                Tunnel tunnel = host.relay("127.0.0.1", echo.port());
                Socket socket = dial(tunnel)) {
            assertThat(tunnel.localAddress().getAddress().isLoopbackAddress()).isTrue();
            assertThat(programs(echo.port())).hasSize(1);
            for (int i = 0; i < 300; i++) {
                ping(socket, i % 256);
            }
        }
    }

    @Test
    void muchGoesBothWaysAtOnce() throws Exception {
        byte[] sent = ShellContract.random(LARGE);
        try (Server echo = Server.echo("127.0.0.1");
                Tunnel tunnel = host.relay("127.0.0.1", echo.port());
                Socket socket = dial(tunnel)) {
            Future<Boolean> sending = ShellContract.async(() -> {
                socket.getOutputStream().write(sent);
                return true;
            });
            byte[] back = socket.getInputStream().readNBytes(LARGE);
            assertThat(sending.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ShellContract.sha256(back)).isEqualTo(ShellContract.sha256(sent));
            ping(socket, 7);
        }
    }

    @Test
    void theAnswerFollowsTheEndOfTheQuestion() throws Exception {
        byte[] request = ShellContract.random(LARGE);
        try (ShellContract.EchoServer echo = new ShellContract.EchoServer();
                Tunnel tunnel = host.relay("127.0.0.1", echo.port())) {
            byte[] reply = ShellContract.exchange(tunnel, request);
            assertThat(ShellContract.sha256(reply)).isEqualTo(ShellContract.sha256(ShellContract.reversed(request)));
            awaitNoProgram(echo.port());
        }
    }

    @Test
    void aServerThatHasSaidAllStillHears() throws Exception {
        byte[] greeting = ShellContract.random(LARGE);
        byte[] reply = ShellContract.random(LARGE / 2);
        byte[] heard = new byte[reply.length];
        CountDownLatch heardAll = new CountDownLatch(1);
        try (Server server = new Server("127.0.0.1", client -> {
                    client.getOutputStream().write(greeting);
                    client.shutdownOutput();
                    new DataInputStream(client.getInputStream()).readFully(heard);
                    if (client.getInputStream().read() == -1) {
                        heardAll.countDown();
                    }
                });
                Tunnel tunnel = host.relay("127.0.0.1", server.port())) {
            try (Socket socket = dial(tunnel)) {
                assertThat(ShellContract.sha256(socket.getInputStream().readAllBytes()))
                        .isEqualTo(ShellContract.sha256(greeting));
                socket.getOutputStream().write(reply);
            }
            assertThat(heardAll.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ShellContract.sha256(heard)).isEqualTo(ShellContract.sha256(reply));
            awaitNoProgram(server.port());
        }
    }

    @Test
    void addressesOfEitherFamilyAndNamesAreReached() throws Exception {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        try (ServerSocket six = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
            assertThat(six.isBound()).isTrue();
        } catch (IOException none) {
            assumeTrue(false, "This machine has no IPv6");
        }
        for (String address : List.of("127.0.0.1", "localhost", "0:0:0:0:0:0:0:1", "::1")) {
            try (Server echo = Server.echo(address);
                    Tunnel tunnel = host.relay(address, echo.port());
                    Socket socket = dial(tunnel)) {
                ping(socket, 42);
            }
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String hostile : List.of(
                "",
                "-e",
                "--",
                "a b",
                "a'b",
                "'; touch /tmp/pgha-relayed; '",
                "$(id)",
                "`id`",
                "a\nb",
                "a\0b",
                "a!b",
                "a;b",
                "/run/socket",
                "a".repeat(300))) {
            assertThatIllegalArgumentException()
                    .as(hostile)
                    .isThrownBy(() -> host.relay(hostile, 1))
                    .withMessageContaining("Neither an address nor a name");
        }
        for (int port : List.of(-1, 0, 65_536)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> host.relay("127.0.0.1", port))
                    .withMessageContaining("No TCP port");
        }
    }

    @Test
    void nobodyThereEndsTheConnectionAndSomebodyLaterIsReached() throws Exception {
        int port;
        try (Server echo = Server.echo("127.0.0.1")) {
            port = echo.port();
        }
        try (Tunnel tunnel = host.relay("127.0.0.1", port)) {
            try (Socket socket = dial(tunnel)) {
                assertThat(ended(socket)).isTrue();
            }
            awaitNoProgram(port);
        }
        try (Tunnel tunnel = host.relay("no-such-name.invalid", port);
                Socket socket = dial(tunnel)) {
            assertThat(ended(socket)).isTrue();
        }
    }

    @Test
    void moreThanFitAtOnceWaitForEachOtherAndCommandsForNone() throws Exception {
        try (ShellContract.EchoServer echo = new ShellContract.EchoServer();
                Tunnel tunnel = host.relay("127.0.0.1", echo.port())) {
            List<Future<byte[]>> replies = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                byte[] request = ShellContract.random(50_000 + i);
                replies.add(ShellContract.async(() -> ShellContract.exchange(tunnel, request)));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(host.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
            }
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get(60, TimeUnit.SECONDS))
                        .isEqualTo(ShellContract.reversed(ShellContract.random(50_000 + i)));
            }
        }
    }

    @Test
    void whatFindsNoRoomEndsAndCommandsStillRun() throws Exception {
        try (Transport impatient = transport(dir, ssh -> ssh.connectTimeout(Duration.ofSeconds(2)));
                Server echo = Server.echo("127.0.0.1")) {
            RemoteHost here = impatient.connect(sshd.node());
            List<Socket> talking = new ArrayList<>();
            try (Tunnel tunnel = here.relay("127.0.0.1", echo.port())) {
                for (int i = 0; i < 7; i++) {
                    Socket socket = dial(tunnel);
                    ping(socket, i);
                    talking.add(socket);
                }
                try (Socket eighth = dial(tunnel)) {
                    assertThat(ended(eighth)).isTrue();
                }
                HostException e = catchThrowableOfType(HostException.class, () -> here.relay("127.0.0.1", echo.port()));
                assertThat(e.code()).isEqualTo("ssh.relays-taken");
                assertThat(e).hasMessageContaining("7 connections are relayed").hasMessageContaining("To fix: ");
                assertThat(here.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
                for (Socket socket : talking) {
                    ping(socket, 1);
                }
                talking.get(0).close();
                try (Socket next = dial(tunnel)) {
                    ping(next, 2);
                }
            }
            for (Socket socket : talking.subList(1, talking.size())) {
                assertThat(ended(socket)).isTrue();
                socket.close();
            }
            awaitNoProgram(echo.port());
        }
    }

    @Test
    void aServerWithFewSessionsEndsWhatItDoesNotOpen(@TempDir Path other) throws Exception {
        try (RealSshd narrow = new RealSshd(other, List.of("AllowTcpForwarding no", "MaxSessions 2"));
                Transport there = transport(other, ssh -> ssh);
                Server echo = Server.echo("127.0.0.1");
                Tunnel tunnel = there.connect(narrow.node()).relay("127.0.0.1", echo.port());
                Socket first = dial(tunnel);
                Socket second = dial(tunnel)) {
            ping(first, 1);
            ping(second, 2);
            try (Socket third = dial(tunnel)) {
                assertThat(ended(third)).isTrue();
            }
            HostException e = catchThrowableOfType(
                    HostException.class, () -> there.connect(narrow.node()).relay("127.0.0.1", echo.port()));
            assertThat(e.code()).isEqualTo("ssh.session-refused");
            assertThat(e.remedy()).contains("MaxSessions");
            ping(first, 3);
        }
    }

    @Test
    void noProgramOutlivesWhatItServes() throws Exception {
        try (Server silent = new Server("127.0.0.1", client -> {
            // Greets, and then neither answers nor hangs up.
            client.getOutputStream().write(1);
            new CountDownLatch(1).await();
        })) {
            Tunnel tunnel = host.relay("127.0.0.1", silent.port());
            assertThat(programs(silent.port())).hasSize(1);
            try (Socket socket = dial(tunnel)) {
                assertThat(socket.getInputStream().read()).isEqualTo(1);
                tunnel.close();
                assertThat(ended(socket)).isTrue();
            }
            awaitNoProgram(silent.port());

            // Nobody has used this one.
            host.relay("127.0.0.1", silent.port()).close();
            awaitNoProgram(silent.port());

            Tunnel dropped = host.relay("127.0.0.1", silent.port());
            try (Socket socket = dial(dropped)) {
                assertThat(socket.getInputStream().read()).isEqualTo(1);
                sshd.drop();
                assertThat(ended(socket)).isTrue();
            }
            awaitNoProgram(silent.port());

            Tunnel last = transport.connect(sshd.node()).relay("127.0.0.1", silent.port());
            try (Socket socket = dial(last)) {
                assertThat(socket.getInputStream().read()).isEqualTo(1);
                transport.close();
                assertThat(ended(socket)).isTrue();
            }
            awaitNoProgram(silent.port());
        }
        await("no thread is left", () -> ShellContract.ourThreads().isEmpty());
    }

    @Test
    void eitherSideEndsItAlone() throws Exception {
        try (Server echo = Server.echo("127.0.0.1");
                Tunnel tunnel = host.relay("127.0.0.1", echo.port())) {
            try (Socket socket = dial(tunnel)) {
                ping(socket, 1);
            }
            awaitNoProgram(echo.port());
            try (Socket socket = dial(tunnel)) {
                ping(socket, 2);
                echo.hangUp();
                assertThat(ended(socket)).isTrue();
            }
            awaitNoProgram(echo.port());
        }
    }

    @Test
    void aFarSideThatHangsUpWhileItIsFullStopsNobodyElse() throws Exception {
        try (Flood flood = new Flood();
                Tunnel tunnel = host.relay("127.0.0.1", flood.port())) {
            flood.fillThenHangUp(tunnel);
            assertThat(host.run(Command.sh("echo on")).stdout()).isEqualTo("on\n");
            awaitNoProgram(flood.port());
        }
    }

    @Test
    void aRelayOutlivesTheConnection() throws Exception {
        try (ShellContract.EchoServer echo = new ShellContract.EchoServer();
                Tunnel tunnel = host.relay("127.0.0.1", echo.port())) {
            assertThat(ShellContract.exchange(tunnel, new byte[] {1, 2})).containsExactly(2, 1);
            sshd.drop();
            assertThat(ShellContract.exchangeOnceNoticed(tunnel, new byte[] {3, 4}))
                    .containsExactly(4, 3);
        }
    }

    @Test
    void aServerThatStartsNoSuchProgramIsTold(@TempDir Path other) throws Exception {
        try (RealSshd forced = new RealSshd(other, List.of("AllowTcpForwarding no", "ForceCommand echo only this"));
                Transport there = transport(other, ssh -> ssh)) {
            HostException e = catchThrowableOfType(
                    HostException.class, () -> there.connect(forced.node()).relay("127.0.0.1", forced.port()));
            assertThat(e.code()).isEqualTo("ssh.relay-impossible");
            assertThat(e)
                    .hasMessageStartingWith("pg1: ")
                    .hasMessageContaining("started no program for user root")
                    .hasMessageContaining("only this");
            assertThat(e.remedy()).contains("perl").contains("ForceCommand").contains("AllowTcpForwarding");
        }
    }

    @Test
    void aMachineWithoutPerlIsTold(@TempDir Path other) throws Exception {
        Path nothing = Files.createDirectory(other.resolve("nothing"));
        try (RealSshd bare = new RealSshd(other, List.of("AllowTcpForwarding no", "SetEnv PATH=" + nothing));
                Transport there = transport(other, ssh -> ssh)) {
            HostException e = catchThrowableOfType(
                    HostException.class, () -> there.connect(bare.node()).relay("127.0.0.1", bare.port()));
            assertThat(e.code()).isEqualTo("ssh.relay-impossible");
            assertThat(e).hasMessageContaining("exit status 127").hasMessageContaining("perl");
        }
    }
}
