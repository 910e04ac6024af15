package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that are not Patroni, or are out of their minds: every one ends in an exception with a reason, and in time.
 */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class HostileAnswersTest {
    private final TestIdentity identity = TestIdentity.loopback();
    private final ScriptedPatroni server = ScriptedPatroni.tls(identity);

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private PatroniClient client(Duration timeout) {
        return Patroni.client(
                c -> c.endpoint(server.url()).trust(identity.certificatePem()).requestTimeout(timeout));
    }

    private void assertBad(String code, String reason) throws InterruptedException {
        try (PatroniClient client = client(Duration.ofSeconds(20))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
                    .satisfies(e -> assertThat(e.remedy()).isNotBlank())
                    .withMessageContaining(reason)
                    .withMessageNotContaining("<html>");
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("", "its body is empty"),
                Arguments.of("<html><body>login</body></html>", "not complete JSON"),
                Arguments.of("{\"members\": [{\"name\": \"pg1\", ", "not complete JSON"),
                Arguments.of("[]", "not a JSON object"),
                Arguments.of("null", "not a JSON object"),
                Arguments.of("{}", "no list \"members\""),
                Arguments.of("{\"members\": {\"pg1\": 1}}", "no list \"members\""),
                Arguments.of("{\"members\": [1]}", "no name or no role"),
                Arguments.of("{\"members\": [{\"name\": 1, \"role\": \"leader\"}]}", "no name or no role"),
                Arguments.of("{\"members\": [{\"name\": \"a\", \"role\": null}]}", "no name or no role"),
                Arguments.of(
                        "{\"members\": [{\"name\": \"a\", \"role\": \"leader\"}, {\"name\": \"b\", \"role\": \"leader\"}]}",
                        "names 2 leaders"),
                Arguments.of("[".repeat(100_000), "not complete JSON"),
                Arguments.of("{\"members\": " + "9".repeat(100_000) + "}", "not complete JSON"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodiesThatAreNotPatronis(String body, String reason) throws Exception {
        server.on("GET /cluster", ScriptedPatroni.json(body));
        assertBad("patroni.bad-answer", reason);
    }

    @Test
    void oddValuesOfWhatOnlyDescribesAreUnknown() throws Exception {
        server.on(
                "GET /cluster",
                ScriptedPatroni.json(
                        "{\"members\": [{\"name\": \"a\\u001b[2J\", \"role\": \"chief\", \"state\": 7, \"port\": \"x\","
                                + " \"timeline\": 99999999999, \"lag\": -5, \"host\": {}, \"api_url\": \"javascript:alert(1)\","
                                + " \"tags\": [1], \"pending_restart\": \"yes\", \"pending_restart_reason\": {\"x\": 1},"
                                + " \"scheduled_restart\": {\"schedule\": \"tomorrow\"}}], \"pause\": \"on\", \"scope\": []}"));
        try (PatroniClient client = client(Duration.ofSeconds(20))) {
            ClusterView view = client.view();
            MemberView member = view.members().get(0);

            assertThat(member.role()).isEqualTo(MemberRole.OTHER);
            assertThat(member.roleName()).isEqualTo("chief");
            assertThat(member.timeline()).isEmpty();
            assertThat(member.lag()).hasValue(0);
            assertThat(member.scheduledRestart().orElseThrow().at()).isEmpty();
            assertThat(view.paused()).isFalse();
            assertThat(view.toString()).doesNotContain("\u001b").contains("a?[2J");
            assertThat(view.toString().lines().findFirst().orElseThrow()).hasSizeLessThanOrEqualTo(72);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void endlessBodiesAreCutOff(int status) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        server.on("GET /cluster", (request, socket) -> {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(ScriptedPatroni.head(status, "Content-Type: application/json"));
                byte[] chunk = " ".repeat(65536).getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(chunk);
                }
            } finally {
                left.countDown();
            }
        });
        assertBad("patroni.bad-answer", "more than 8 MB");
        assertThat(left.await(20, TimeUnit.SECONDS))
                .as("the connection was closed")
                .isTrue();
    }

    @Test
    void aLargeButSoundAnswerIsRead() throws Exception {
        server.on("GET /cluster", ScriptedPatroni.json(" ".repeat(7 * 1024 * 1024) + "{\"members\": []}"));
        try (PatroniClient client = client(Duration.ofSeconds(30))) {
            assertThat(client.view().members()).isEmpty();
        }
    }

    @Test
    void aDripIsGivenUpAtTheDeadlineAndTheConnectionClosed() throws Exception {
        CountDownLatch dripping = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        server.on("GET /cluster", (request, socket) -> {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(ScriptedPatroni.head(200, "Content-Type: application/json"));
                while (true) {
                    out.write(' ');
                    out.flush();
                    dripping.countDown();
                    Thread.sleep(20);
                }
            } finally {
                left.countDown();
            }
        });
        try (PatroniClient client = client(Duration.ofSeconds(5))) {
            CompletableFuture<ClusterView> view = client.viewAsync();
            assertThat(dripping.await(20, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> view.get(20, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            PatroniException.class, e -> assertThat(e.code()).isEqualTo("patroni.unreachable"))
                    .hasMessageContaining("no complete answer within 5 s");
            assertThat(left.await(20, TimeUnit.SECONDS))
                    .as("the connection was closed")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.0 200 OK\r\nContent-", "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{"})
    void aStallIsGivenUpAtTheDeadline(String soFar) throws Exception {
        server.on("GET /cluster", server.stall(soFar));
        try (PatroniClient client = client(Duration.ofMillis(500))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("patroni.unreachable"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.0 200 OK\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{\"members\""})
    void aResetIsTold(String soFar) throws Exception {
        server.on("GET /cluster", ScriptedPatroni.reset(soFar));
        try (PatroniClient client = client(Duration.ofSeconds(20))) {
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .satisfies(e -> assertThat(e.code()).isIn("patroni.unreachable", "patroni.dcs-unavailable"));
        }
    }

    @Test
    void garbageIsTold() throws Exception {
        server.on(
                "GET /cluster",
                (request, socket) -> socket.getOutputStream()
                        .write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        try (PatroniClient client = client(Duration.ofSeconds(20))) {
            assertThatExceptionOfType(PatroniException.class).isThrownBy(client::view);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (ScriptedPatroni elsewhere = ScriptedPatroni.plain()) {
            server.on(
                    "GET /cluster",
                    (request, socket) -> socket.getOutputStream()
                            .write(ScriptedPatroni.head(302, "Location: " + elsewhere.url() + "/cluster")));
            assertBad("patroni.bad-answer", "answered 302 with an empty body");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void aViewSurvivesAStatusThatIsNone() throws Exception {
        server.on("GET /cluster", ScriptedPatroni.json("{\"members\": []}"));
        server.on("GET /patroni", ScriptedPatroni.json("{\"state\": "));
        try (PatroniClient client = client(Duration.ofSeconds(20))) {
            assertThat(client.view().systemId()).isEmpty();
        }
    }

    @Test
    void anAddressWithoutTlsIsNotAdopted() throws Exception {
        try (ScriptedPatroni spy = ScriptedPatroni.plain()) {
            server.on(
                    "GET /cluster",
                    ScriptedPatroni.json(
                            "{\"members\": [{\"name\": \"a\", \"role\": \"leader\", \"state\": \"running\","
                                    + " \"api_url\": \"" + spy.url() + "/patroni\"}]}"),
                    ScriptedPatroni.hangUp());
            try (PatroniClient client = client(Duration.ofSeconds(5))) {
                client.view();
                assertThatExceptionOfType(PatroniException.class).isThrownBy(client::view);
            }
            assertThat(spy.received()).isEmpty();
        }
    }
}
