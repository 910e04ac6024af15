package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.secret.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link HostileAnswersTest} does to {@code /cluster}, done to the endpoints of configuration and history. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class HostileEndpointsTest {
    private static final String CONFIG = "{\"ttl\": 30, \"loop_wait\": 10, \"retry_timeout\": 10}";

    private final TestIdentity identity = TestIdentity.loopback();
    private final ScriptedPatroni server = ScriptedPatroni.tls(identity);

    /** One call of the client, and the request that it rests on. */
    enum Endpoint {
        HISTORY("GET /history") {
            @Override
            void call(PatroniClient client) throws InterruptedException {
                client.history();
            }
        },
        SHOW_CONFIG("GET /config") {
            @Override
            void call(PatroniClient client) throws InterruptedException {
                client.showConfig();
            }
        },
        EDIT_CONFIG("PATCH /config") {
            @Override
            void call(PatroniClient client) throws InterruptedException {
                client.editConfig(c -> c.loopWait(Duration.ofSeconds(9)));
            }
        };

        private final String request;

        Endpoint(String request) {
            this.request = request;
        }

        abstract void call(PatroniClient client) throws InterruptedException;
    }

    @BeforeEach
    void good() {
        server.on(
                "GET /cluster",
                ScriptedPatroni.json(Wire.cluster("4.0.7", Wire.Member.leader("pg1", server.url(), 3))));
        server.on("GET /patroni", ScriptedPatroni.json(Wire.primary("4.0.7", "pg1", 3)));
        server.on("GET /config", ScriptedPatroni.json(CONFIG));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private PatroniClient client(Duration timeout) {
        PatroniClientOptions options = PatroniClientOptions.builder()
                .endpoint(server.url())
                .trust(identity.certificatePem())
                .basicAuth("patroni", Secret.of("s3cret"))
                .requestTimeout(timeout)
                .build();
        return new PatroniClient(options, FakeCluster.FAST, () -> {});
    }

    private void assertFails(Endpoint endpoint, Duration timeout, String... codes) throws InterruptedException {
        try (PatroniClient client = client(timeout)) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(() -> endpoint.call(client))
                    .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isIn(List.of(codes)))
                    .satisfies(e -> assertThat(e.remedy()).isNotBlank())
                    .withMessageNotContaining("<html>")
                    .withMessageNotContaining("s3cret");
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(Endpoint.values())
                .flatMap(endpoint -> Stream.of(
                                "",
                                "<html><body>login</body></html>",
                                "[[1, 2, ",
                                "{\"ttl\": 3",
                                "null",
                                "7",
                                "\"text\"",
                                "[".repeat(100_000),
                                endpoint == Endpoint.HISTORY ? "[[\"one\", 2]]" : "[1]",
                                endpoint == Endpoint.HISTORY ? "[{\"tli\": 1}]" : "[]",
                                endpoint == Endpoint.HISTORY ? "[[1]]" : "true")
                        .map(body -> Arguments.of(endpoint, body)));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodiesThatAreNotPatronis(Endpoint endpoint, String body) throws Exception {
        server.on(endpoint.request, ScriptedPatroni.json(body));
        assertFails(endpoint, Duration.ofSeconds(20), "patroni.bad-answer");
    }

    @ParameterizedTest
    @EnumSource
    void tenMegabytesAreCutOff(Endpoint endpoint) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        server.on(endpoint.request, (request, socket) -> {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(ScriptedPatroni.head(200, "Content-Type: application/json"));
                byte[] chunk = " ".repeat(65536).getBytes(StandardCharsets.US_ASCII);
                for (int sent = 0; sent < 10 * 1024 * 1024; sent += chunk.length) {
                    out.write(chunk);
                }
                ScriptedPatroni.untilPeerLeaves(socket);
            } finally {
                left.countDown();
            }
        });
        // A write that was answered at all may have been done: that cannot be told from a body nobody can read.
        assertFails(endpoint, Duration.ofSeconds(20), "patroni.bad-answer", "patroni.outcome-unknown");
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aDripIsGivenUpAtTheDeadline(Endpoint endpoint) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        server.on(endpoint.request, (request, socket) -> {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(ScriptedPatroni.head(200, "Content-Type: application/json"));
                while (true) {
                    out.write(' ');
                    out.flush();
                    Thread.sleep(20);
                }
            } finally {
                left.countDown();
            }
        });
        assertFails(endpoint, Duration.ofSeconds(1), "patroni.unreachable", "patroni.outcome-unknown");
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsTold(Endpoint endpoint) throws Exception {
        server.on(endpoint.request, ScriptedPatroni.reset("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{"));
        assertFails(
                endpoint,
                Duration.ofSeconds(20),
                "patroni.unreachable",
                "patroni.dcs-unavailable",
                "patroni.outcome-unknown");
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsNotFollowed(Endpoint endpoint) throws Exception {
        try (ScriptedPatroni elsewhere = ScriptedPatroni.plain()) {
            server.on(
                    endpoint.request,
                    (request, socket) -> socket.getOutputStream()
                            .write(ScriptedPatroni.head(302, "Location: " + elsewhere.url() + "/config")));
            assertFails(endpoint, Duration.ofSeconds(20), "patroni.bad-answer");
            assertThat(elsewhere.received()).isEmpty();
        }
    }
}
