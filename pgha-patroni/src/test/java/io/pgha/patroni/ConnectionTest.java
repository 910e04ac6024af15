package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgha.Problem;
import io.pgha.host.HostException;
import io.pgha.model.InvalidConfigException;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.patroni.view.ClusterView;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom the client connects to, how it checks them, and what it leaves behind. */
@Timeout(60)
class ConnectionTest {
    private static final String EMPTY = "{\"members\": []}";
    private final TestIdentity identity = TestIdentity.loopback();

    private static void assertFails(PatroniClient client, String code) throws InterruptedException {
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(client::view)
                .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.passed()).as(what).isFalse();
            Thread.sleep(10);
        }
    }

    @Test
    void doesNotHangWhereTls13WithOpenEndedBodiesDoes() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity, "TLSv1.3", "TLSv1.2")) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            try (PatroniClient client = Patroni.client(c ->
                    c.endpoint(server.url()).trust(identity.certificatePem()).requestTimeout(Duration.ofSeconds(30)))) {
                Deadline clock = Deadline.in(Duration.ofSeconds(15));
                assertThat(client.view().members()).isEmpty();
                assertThat(clock.passed()).isFalse();
            }
        }
    }

    /** Keeps the test above honest: on JDK 17 the same server does make a client hang that speaks TLS 1.3. */
    @Test
    void theServerOfTheseTestsMakesAPlainClientHang() throws Exception {
        assumeTrue(Runtime.version().feature() == 17, "seen on JDK 17");
        assumeTrue(!Boolean.getBoolean("jdk.tls.acknowledgeCloseNotify"), "the property cures it");
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity, "TLSv1.3")) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            SSLParameters tls13 = new SSLParameters();
            tls13.setProtocols(new String[] {"TLSv1.3"});
            HttpClient plain = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(identity.serverContext(identity))
                    .sslParameters(tls13)
                    .build();
            CompletableFuture<HttpResponse<String>> hanging = plain.sendAsync(
                    HttpRequest.newBuilder(URI.create(server.url() + "/cluster"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            await("the request arrives", () -> server.count("GET /cluster") == 1);

            assertThatThrownBy(() -> hanging.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            hanging.cancel(true);
        }
    }

    @Test
    void speaksTls12OnlyWhereTls13Hangs() {
        assertThat(Tls.protocols(17)).containsExactly("TLSv1.2");
        assertThat(Tls.protocols(21)).containsExactly("TLSv1.2");
        assertThat(Tls.protocols(25)).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @Test
    void trustsOnlyWhatItWasGiven() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity)) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            TestIdentity other = TestIdentity.forNames("ip:127.0.0.1,dns:other");
            try (PatroniClient client =
                    Patroni.client(c -> c.endpoint(server.url()).trust(other.certificatePem()))) {
                assertFails(client, "patroni.tls");
            }
            try (PatroniClient client = Patroni.client(c -> c.endpoint(server.url()))) {
                assertFails(client, "patroni.tls");
            }
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void throughARouteTheCertificateIsCheckedAgainstTheMembersOwnAddress() throws Exception {
        TestIdentity member = TestIdentity.forNames("ip:10.9.9.9,dns:postgres-01.example");
        AtomicReference<InetSocketAddress> asked = new AtomicReference<>();
        try (ScriptedPatroni server = ScriptedPatroni.tls(member)) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            for (String endpoint : List.of("https://10.9.9.9:8008", "https://postgres-01.example:8008")) {
                try (PatroniClient client = Patroni.client(
                        c -> c.endpoint(endpoint).trust(member.certificatePem()).route(address -> {
                            asked.set(address);
                            return server.address();
                        }))) {
                    assertThat(client.view().members()).isEmpty();
                    assertThat(asked.get().getPort()).isEqualTo(8008);
                    assertThat(asked.get().isUnresolved()).isTrue();
                }
            }
        }
    }

    @Test
    void throughARouteTheLocalEndsNameIsNotGoodEnough() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity)) {
            for (String endpoint : List.of("https://10.9.9.9:8008", "https://postgres-01.example:8008")) {
                try (PatroniClient client = Patroni.client(c ->
                        c.endpoint(endpoint).trust(identity.certificatePem()).route(address -> server.address()))) {
                    assertFails(client, "patroni.tls");
                }
            }
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void aRouteThatFailsIsAnUnreachableMember() throws Exception {
        try (PatroniClient client =
                Patroni.client(c -> c.endpoint("https://10.9.9.9:8008").route(address -> {
                    throw new IllegalStateException("no tunnel today");
                }))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unreachable"))
                    .withMessageContaining("no tunnel today");
        }
    }

    @Test
    void aTunnelThatTheHostForbidsIsToldWithItsRemedy() throws Exception {
        HostException forbidden = new HostException(
                Problem.on("pg1", "ssh.forwarding-forbidden", "pg1 forbids tunnels", "set AllowTcpForwarding yes"),
                new IOException("open failed"));
        try (PatroniClient client =
                Patroni.client(c -> c.endpoint("https://10.9.9.9:8008").route(address -> {
                    throw forbidden;
                }))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .withMessageContaining("no connection (pg1 forbids tunnels)")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unreachable"))
                    .satisfies(e -> assertThat(e.remedy()).isEqualTo("set AllowTcpForwarding yes"))
                    .withCause(forbidden);
        }
    }

    @Test
    void aRouteThatBlocksIsLeftBehindAtTheDeadline() throws Exception {
        try (PatroniClient client = Patroni.client(c -> c.endpoint("https://10.9.9.9:8008")
                .requestTimeout(Duration.ofMillis(300))
                .route(address -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return address;
                }))) {
            assertFails(client, "patroni.unreachable");
        }
    }

    @Test
    void showsItsCertificateToWhoAsks() throws Exception {
        TestIdentity mine = TestIdentity.forNames("dns:operator");
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity, mine, "required")) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            try (PatroniClient client = Patroni.client(c ->
                    c.endpoint(server.url()).trust(identity.certificatePem()).clientCertificate(mine.bundle()))) {
                assertThat(client.view().members()).isEmpty();
            }
            try (PatroniClient client =
                    Patroni.client(c -> c.endpoint(server.url()).trust(identity.certificatePem()))) {
                assertFails(client, "patroni.tls");
            }
        }
    }

    @Test
    void unreadablePemIsToldWithoutTheKey() {
        CertificateBundle bundle = TestIdentity.forNames("dns:operator").bundle();
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(() -> Patroni.client(c -> c.endpoint("https://h:1").trust("nonsense")))
                .withMessageContaining("trusted certificates");
        assertThatExceptionOfType(PatroniException.class)
                .isThrownBy(() -> Patroni.client(c -> c.endpoint("https://h:1")
                        .clientCertificate(new CertificateBundle(bundle.certificate(), Secret.of("c0nfidential")))))
                .withMessageContaining("PKCS#8")
                .withMessageNotContaining("c0nfidential");
    }

    @Test
    void optionsHideSecretsAndTellEveryProblem() {
        PatroniClientOptions options = PatroniClientOptions.builder()
                .endpoint("https://10.0.0.1")
                .basicAuth("patroni", Secret.of("c0nfidential"))
                .build();
        assertThat(options.toString()).doesNotContain("c0nfidential");
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> PatroniClientOptions.builder()
                        .endpoint("ftp://10.0.0.1")
                        .endpoint("https://user:c0nfidential@10.0.0.1")
                        .username("patroni")
                        .connectTimeout(Duration.ZERO)
                        .build())
                .satisfies(e -> assertThat(e.problems()).hasSize(4))
                .withMessageNotContaining("c0nfidential");
    }

    @Test
    void neverAsksAProxy() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        AtomicReference<URI> asked = new AtomicReference<>();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.set(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try (ScriptedPatroni server = ScriptedPatroni.plain()) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            try (PatroniClient client = Patroni.client(c -> c.endpoint(server.url()))) {
                client.view();
            }
            assertThat(asked.get()).isNull();
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void closingEndsCallsAndThreads() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity)) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY), server.stall("HTTP/1.0 200 OK\r\n\r\n{"));
            PatroniClient client = Patroni.client(c -> c.endpoint(server.url()).trust(identity.certificatePem()));
            client.view();
            Set<Thread> mine = threadsOfClients();
            assertThat(mine).anySatisfy(thread -> assertThat(thread.getName()).contains("SelectorManager"));
            assertThat(mine).allSatisfy(thread -> assertThat(thread.isDaemon()).isTrue());
            CompletableFuture<ClusterView> running = client.viewAsync();
            await("the second request arrives", () -> server.count("GET /cluster") == 2);

            client.close();
            client.close();

            assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            PatroniException.class, e -> assertThat(e.code()).isEqualTo("patroni.closed"));
            assertFails(client, "patroni.closed");
            assertThatThrownBy(client::viewAsync).isInstanceOf(PatroniException.class);
            mine.addAll(threadsOfClients());
            await(
                    "all threads end: " + mine.stream().filter(Thread::isAlive).toList(),
                    () -> mine.stream().noneMatch(Thread::isAlive));
            await("all connections end", () -> server.openConnections() == 0);
        }
    }

    @Test
    void anInterruptEndsAViewAndItsConnection() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.tls(identity)) {
            server.on("GET /cluster", server.stall("HTTP/1.0 200 OK\r\n\r\n{"));
            try (PatroniClient client =
                    Patroni.client(c -> c.endpoint(server.url()).trust(identity.certificatePem()))) {
                CompletableFuture<ClusterView> view = client.viewAsync();
                await("the request arrives", () -> server.count("GET /cluster") == 1);
                view.cancel(true);

                await("the connection ends", () -> server.openConnections() == 0);
                assertThatThrownBy(view::join).isInstanceOf(CancellationException.class);

                AtomicReference<Throwable> seen = new AtomicReference<>();
                Thread thread = new Thread(() -> {
                    try {
                        client.view();
                    } catch (InterruptedException | RuntimeException e) {
                        seen.set(e);
                    }
                });
                thread.start();
                await("the request arrives", () -> server.count("GET /cluster") == 2);
                thread.interrupt();
                thread.join(20_000);
                assertThat(seen.get()).isInstanceOf(InterruptedException.class);
                await("the connection ends", () -> server.openConnections() == 0);
            }
        }
    }

    /** Such as the one that reads an SSH connection: the route's owner goes on using it. */
    @Test
    void closingLeavesTheThreadsOfTheRouteAlone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        AtomicReference<Thread> ofTheRoute = new AtomicReference<>();
        try (ScriptedPatroni server = ScriptedPatroni.plain()) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            try (PatroniClient client =
                    Patroni.client(c -> c.endpoint(server.url()).route(address -> {
                        ofTheRoute.updateAndGet(
                                known -> known == null ? started(() -> interrupted.complete(endedBy(end))) : known);
                        return address;
                    }))) {
                client.view();
            }
            assertThat(ofTheRoute.get().isInterrupted()).isFalse();
        } finally {
            end.countDown();
        }
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isFalse();
    }

    private static Thread started(Runnable task) {
        Thread thread = new Thread(task);
        thread.start();
        return thread;
    }

    /** Returns whether an interrupt came before the end. */
    private static boolean endedBy(CountDownLatch end) {
        try {
            end.await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Test
    void manyCallsAtOnceNeedFewThreads() throws Exception {
        try (ScriptedPatroni server = ScriptedPatroni.plain()) {
            server.on("GET /cluster", ScriptedPatroni.json(EMPTY));
            try (PatroniClient client = Patroni.client(c -> c.endpoint(server.url()))) {
                List<CompletableFuture<ClusterView>> views = IntStream.range(0, 200)
                        .mapToObj(i -> client.viewAsync())
                        .toList();
                for (CompletableFuture<ClusterView> view : views) {
                    assertThat(view.get(30, TimeUnit.SECONDS).members()).isEmpty();
                }
                assertThat(threadsOfClients()).hasSizeLessThanOrEqualTo(16 + 16 + 4 + 1);
            }
        }
    }

    private static Set<Thread> threadsOfClients() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(ScriptedPatroni::isThreadOfAClient)
                .collect(Collectors.toSet());
    }
}
