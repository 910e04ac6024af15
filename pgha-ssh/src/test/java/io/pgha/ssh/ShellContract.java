package io.pgha.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.RemoteHost;
import io.pgha.host.ShellQuote;
import io.pgha.host.Transport;
import io.pgha.host.TransportContract;
import io.pgha.host.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SSH transport does beyond {@link TransportContract}: real scripts in a real shell. */
public abstract class ShellContract extends TransportContract {
    @TempDir
    Path scratch;

    Transport transport;
    RemoteHost host;

    /** Cuts every connection at the server. */
    abstract void drop();

    @BeforeEach
    void connect() throws InterruptedException {
        transport = newTransport();
        host = transport.connect(node());
    }

    @AfterEach
    void close() {
        transport.close();
    }

    public static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    CommandResult run(String script) throws InterruptedException {
        return host.run(Command.sh(script));
    }

    @Test
    void statusAndBothOutputsComeBack() throws InterruptedException {
        assertThat(run("echo out; echo err >&2; exit 42")).isEqualTo(new CommandResult(42, "out\n", "err\n"));
    }

    @Test
    void theShellIsPreparedTheSameEverywhere() throws InterruptedException {
        assertThat(run("umask; echo \"$LC_ALL\"; sh -c 'echo \"$LC_ALL\"'; id -u")
                        .stdout())
                .isEqualTo("0077\nC\nC\n0\n");
    }

    @Test
    void standardInputIsEmptyWhereNoneIsGiven() throws InterruptedException {
        assertThat(run("cat; echo end").stdout()).isEqualTo("end\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100, 4095, 4096, 65_535, 65_536, 65_537, 1_000_000, 5_000_000})
    void inputArrivesByteForByte(int size) throws InterruptedException {
        byte[] input = random(size);
        CommandResult result = host.run(Command.builder()
                .script("sha256sum | cut -d ' ' -f 1")
                .stdin(input)
                .build());
        assertThat(result).isEqualTo(new CommandResult(0, sha256(input) + "\n", ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_000, 65_536, 70_001, 2_000_000})
    void scriptsOfAnySizeLeaveTheirInputAlone(int size) throws InterruptedException {
        byte[] input = random(size % 70_000 + 1);
        String script = "x='" + "é☕".repeat(size / 5) + "\n'\nprintf %s \"$x\" | wc -c\nsha256sum | cut -d ' ' -f 1";
        CommandResult result =
                host.run(Command.builder().script(script).stdin(input).build());
        assertThat(result).isEqualTo(new CommandResult(0, (size / 5 * 5 + 1) + "\n" + sha256(input) + "\n", ""));
    }

    @Test
    void linesAtTheEndOfAScriptDoNotMatter() throws InterruptedException {
        assertThat(run("cat <<END\nthe text\nEND").stdout()).isEqualTo("the text\n");
        assertThat(run("cat <<END\nthe text\nEND\n\n\n").stdout()).isEqualTo("the text\n");
        assertThat(run("\n# a comment\necho a # and another\n").stdout()).isEqualTo("a\n");
        assertThat(run("")).isEqualTo(new CommandResult(0, "", ""));
        assertThat(run("\n\n")).isEqualTo(new CommandResult(0, "", ""));
    }

    @Test
    void aScriptMayLeaveInAnyWay() throws InterruptedException {
        assertThat(run("set -e; false; echo no").exitStatus()).isEqualTo(1);
        assertThat(run("if then").exitStatus()).isEqualTo(2);
        assertThat(run("exec sh -c 'exit 7'").exitStatus()).isEqualTo(7);
        assertThat(host.run(Command.builder()
                                .script("read x; exit \"$x\"")
                                .stdin("9\n")
                                .build())
                        .exitStatus())
                .isEqualTo(9);
        assertThat(run("trap 'echo bye' EXIT; exit 3")).isEqualTo(new CommandResult(3, "bye\n", ""));
        assertThat(run("no-such-command-anywhere").exitStatus()).isEqualTo(127);
    }

    /** Not HUP: whoever runs the tests under nohup ignores it, and what they start does, too. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL=137", "TERM=143", "SEGV=139", "USR1=138"})
    void aSignalIsAStatusAbove128(String example) throws InterruptedException {
        String[] parts = example.split("=", 2);
        assertThat(run("kill -" + parts[0] + " $$").exitStatus()).isEqualTo(Integer.parseInt(parts[1]));
        Command withInput = Command.builder()
                .script("sh -c 'kill -" + parts[0] + " $$'")
                .stdin("x")
                .build();
        assertThat(host.run(withInput).exitStatus()).isEqualTo(Integer.parseInt(parts[1]));
    }

    @Test
    void outputMayBeLargeOnBothSides() throws InterruptedException {
        CommandResult result =
                run("head -c 6000000 /dev/zero | tr '\\0' o; head -c 6000000 /dev/zero | tr '\\0' e >&2");
        assertThat(result.stdout()).hasSize(6_000_000).containsPattern("^o+$");
        assertThat(result.stderr()).hasSize(6_000_000).containsPattern("^e+$");
    }

    @Test
    void endlessOutputIsAnErrorSoonAndTheHostGoesOn() throws InterruptedException {
        Command endless = Command.builder()
                .script("yes \"$(head -c 10000 /dev/zero | tr '\\0' y)\"")
                .timeout(Duration.ofSeconds(60))
                .build();
        assertThatThrownBy(() -> host.run(endless)).hasMessageContaining("64 MiB");
        assertThat(run("echo on").stdout()).isEqualTo("on\n");
    }

    @Test
    void linesAreToldWhileTheCommandRuns() throws Exception {
        Path go = scratch.resolve("go");
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch first = new CountDownLatch(1);
        String file = ShellQuote.quote(go.toString());
        Command command = Command.builder()
                .script("echo café; while ! [ -e " + file + " ]; do sleep 0.05; done; echo two >&2; printf three")
                .output(line -> {
                    lines.add(line);
                    first.countDown();
                })
                .build();
        Future<CommandResult> running = async(() -> host.run(command));
        assertThat(first.await(20, TimeUnit.SECONDS)).as("told before the end").isTrue();
        assertThat(running.isDone()).isFalse();
        Files.createFile(go);
        assertThat(running.get(20, TimeUnit.SECONDS)).isEqualTo(new CommandResult(0, "café\nthree", "two\n"));
        assertThat(lines).containsExactlyInAnyOrder("café", "two", "three");
    }

    @Test
    void aConsumerThatFailsHarmsNothing() throws InterruptedException {
        Command command = Command.builder()
                .script("echo a; echo b")
                .output(line -> {
                    throw new IllegalStateException("the test's own bug");
                })
                .build();
        assertThat(host.run(command)).isEqualTo(new CommandResult(0, "a\nb\n", ""));
        assertThat(run("echo on").stdout()).isEqualTo("on\n");
    }

    @Test
    void commandsOfOneHostRunOneAfterTheOther() throws Exception {
        String busy = ShellQuote.quote(scratch.resolve("busy").toString());
        String script = "mkdir " + busy + " || exit 1; sleep 0.05; rmdir " + busy;
        List<Future<CommandResult>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(async(() -> run(script)));
        }
        for (Future<CommandResult> each : all) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(new CommandResult(0, "", ""));
        }
    }

    @Test
    void aCommandThatTakesTooLongIsGivenUpAndTheHostGoesOn() throws InterruptedException {
        Command slow = Command.builder()
                .script("sleep 20")
                .timeout(Duration.ofMillis(300))
                .build();
        long start = System.nanoTime();
        HostException failure = catchThrowableOfType(HostException.class, () -> host.run(slow));
        assertThat(failure.code()).isEqualTo("host.timeout");
        assertThat(failure).hasMessageContaining("did not end within 300 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(run("echo on").stdout()).isEqualTo("on\n");
    }

    @Test
    void theTimeoutCoversWaitingForTheLane() throws Exception {
        Path go = scratch.resolve("go");
        CountDownLatch started = new CountDownLatch(1);
        Future<CommandResult> first = async(() -> host.run(Command.builder()
                .script("echo; while ! [ -e " + ShellQuote.quote(go.toString()) + " ]; do sleep 0.05; done")
                .output(line -> started.countDown())
                .build()));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        Command second =
                Command.builder().script(":").timeout(Duration.ofMillis(200)).build();
        HostException failure = catchThrowableOfType(HostException.class, () -> host.run(second));
        assertThat(failure.code()).isEqualTo("host.timeout");
        assertThat(failure).hasMessageContaining("was not started");
        Files.createFile(go);
        assertThat(first.get(20, TimeUnit.SECONDS).succeeded()).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitAndTheHostGoesOn() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                host.run(Command.builder()
                        .script("echo; sleep 20")
                        .output(line -> started.countDown())
                        .build());
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        thread.start();
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        thread.interrupt();
        thread.join(10_000);
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(run("echo on").stdout()).isEqualTo("on\n");
    }

    @Test
    void aDroppedConnectionIsReportedOnceAndOpenedAgain() throws Exception {
        Path runs = scratch.resolve("runs");
        CountDownLatch started = new CountDownLatch(1);
        Future<CommandResult> running = async(() -> host.run(Command.builder()
                .script("echo x >> " + ShellQuote.quote(runs.toString()) + "; echo; sleep 3")
                .output(line -> started.countDown())
                .build()));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        drop();
        assertThat(running)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(HostException.class, e -> {
                    assertThat(e.code()).isEqualTo(HostException.CONNECTION_LOST);
                    assertThat(e.node()).contains("pg1");
                });
        assertThat(run("echo on").stdout()).isEqualTo("on\n");
        assertThat(Files.readString(runs)).as("the command was not repeated").isEqualTo("x\n");
    }

    @Test
    void aConnectionThatDroppedWhileIdleIsNotNoticed() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            drop();
            assertThat(run("echo on").stdout()).isEqualTo("on\n");
        }
    }

    @Test
    void aScriptWithANulIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> run("echo \0"));
    }

    @Test
    void aTunnelCarriesManyConnectionsAtOnce() throws Exception {
        try (EchoServer echo = new EchoServer();
                Tunnel tunnel = host.forward("127.0.0.1", echo.port())) {
            assertThat(tunnel.localAddress().getAddress().isLoopbackAddress()).isTrue();
            List<Future<byte[]>> replies = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                byte[] request = random(200_000 + i);
                replies.add(async(() -> exchange(tunnel, request)));
            }
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(reversed(random(200_000 + i)));
            }
        }
    }

    /**
     * What is sent before the drop has been noticed is answered by the end of its connection: the client dials again.
     */
    static byte[] exchangeOnceNoticed(Tunnel tunnel, byte[] request) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        byte[] reply = exchange(tunnel, request);
        while (reply.length == 0 && System.nanoTime() < until) {
            reply = exchange(tunnel, request);
        }
        return reply;
    }

    @Test
    void aTunnelOutlivesTheConnectionAndEndsWithItself() throws Exception {
        try (EchoServer echo = new EchoServer()) {
            Tunnel tunnel = host.forward("127.0.0.1", echo.port());
            assertThat(exchange(tunnel, new byte[] {1, 2})).containsExactly(2, 1);
            drop();
            assertThat(exchangeOnceNoticed(tunnel, new byte[] {3, 4})).containsExactly(4, 3);
            tunnel.close();
            tunnel.close();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> exchange(tunnel, new byte[] {1}));
        }
    }

    @Test
    void aTunnelWorksBesideARunningCommand() throws Exception {
        Path go = scratch.resolve("go");
        Future<CommandResult> running =
                async(() -> run("while ! [ -e " + ShellQuote.quote(go.toString()) + " ]; do sleep 0.05; done"));
        try (EchoServer echo = new EchoServer();
                Tunnel tunnel = host.forward("127.0.0.1", echo.port())) {
            assertThat(exchange(tunnel, new byte[] {1, 2})).containsExactly(2, 1);
        }
        assertThat(running.isDone()).isFalse();
        Files.createFile(go);
        assertThat(running.get(20, TimeUnit.SECONDS).succeeded()).isTrue();
    }

    @Test
    void aTunnelToNobodyEndsItsConnections() throws Exception {
        int unused;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = free.getLocalPort();
        }
        try (Tunnel tunnel = host.forward("127.0.0.1", unused);
                Socket socket = new Socket()) {
            socket.connect(tunnel.localAddress(), 10_000);
            socket.setSoTimeout(20_000);
            assertThat(endOf(socket)).isTrue();
        }
    }

    @Test
    void closingLeavesNoThread() throws Exception {
        host.run(Command.sh(":"));
        try (EchoServer echo = new EchoServer()) {
            Tunnel tunnel = host.forward("127.0.0.1", echo.port());
            exchange(tunnel, new byte[] {1});
            assertThat(ourThreads()).isNotEmpty().allMatch(Thread::isDaemon);
            transport.close();
            assertThat(ourThreads()).isEmpty();
        }
    }

    @Test
    void closingEndsARunningCommand() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Future<CommandResult> running = async(() -> host.run(Command.builder()
                .script("echo; sleep 20")
                .output(line -> started.countDown())
                .build()));
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        transport.close();
        assertThat(running)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(HostException.class);
    }

    static List<Thread> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive()
                        && (thread.getName().startsWith("pgha-")
                                || thread.getName().startsWith("sshj")))
                .toList();
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    /** Sends, ends its half, and reads until the other half ends. */
    static byte[] exchange(Tunnel tunnel, byte[] request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(tunnel.localAddress(), 10_000);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        }
    }

    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    public static <T> Future<T> async(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(task.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    /**
     * Reads to the end of what it is sent, then sends it back in reverse: only half-closed connections get an answer.
     */
    static final class EchoServer implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });

        EchoServer() throws IOException {
            threads.execute(() -> {
                while (!server.isClosed()) {
                    try {
                        Socket socket = server.accept();
                        threads.execute(() -> answer(socket));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        private static void answer(Socket socket) {
            try (socket;
                    InputStream in = socket.getInputStream()) {
                socket.getOutputStream().write(reversed(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
