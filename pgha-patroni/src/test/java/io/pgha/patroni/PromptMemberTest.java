package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.net.Deadline;
import io.pgha.patroni.view.ClusterView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A member that answered promptly is asked by the calling thread, and all that is promised holds there, too. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PromptMemberTest {
    private static final String HEAD = new String(ScriptedPatroni.head(200), StandardCharsets.US_ASCII);
    private static final Duration STAGGER = Duration.ofSeconds(2);

    private final ScriptedPatroni first = ScriptedPatroni.plain();
    private final ScriptedPatroni second = ScriptedPatroni.plain();

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    /**
     * Opens a client that has had two prompt answers of the first server, so that the calling thread asks it the next
     * time.
     */
    private PatroniClient client(Duration timeout, ScriptedPatroni... servers) throws InterruptedException {
        PatroniClient client = Patroni.client(c -> {
            List.of(servers).forEach(server -> c.endpoint(server.url()));
            return c.requestTimeout(timeout).stagger(STAGGER);
        });
        client.view();
        client.view();
        assertThat(second.received()).isEmpty();
        return client;
    }

    private static ScriptedPatroni.Behaviour view(String name) {
        return ScriptedPatroni.json("{\"members\": [{\"name\": \"" + name + "\", \"role\": \"leader\"}]}");
    }

    private static String leader(PatroniClient client) throws InterruptedException {
        return client.view().leader().orElseThrow().name();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.0 200 OK\r\n", "HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n{\"members\":"})
    void oneThatStallsDelaysACallByTheStaggerAndIsAskedAgainBesideTheNext(String bytes) throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), first.stall(bytes));
        second.on("GET /cluster", view("pg2"));
        try (PatroniClient client = client(Duration.ofSeconds(30), first, second)) {
            Deadline clock = Deadline.in(STAGGER.multipliedBy(2));
            assertThat(leader(client)).isEqualTo("pg2");
            assertThat(clock.elapsed()).isGreaterThanOrEqualTo(STAGGER);
            assertThat(clock.passed()).isFalse();
        }
    }

    @Test
    void oneThatIsSlowOnceStillServes() throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), first.stall(""), view("pg1 again"));
        second.on("GET /cluster", second.stall(""));
        try (PatroniClient client = client(Duration.ofSeconds(30), first, second)) {
            assertThat(leader(client)).isEqualTo("pg1 again");
        }
    }

    @Test
    void theDeadlineCoversABodyThatDrips() throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), (request, socket) -> {
            socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write(' ');
                TimeUnit.MILLISECONDS.sleep(20);
            }
        });
        try (PatroniClient client = client(Duration.ofSeconds(1), first)) {
            Deadline clock = Deadline.in(Duration.ofSeconds(10));
            assertThatExceptionOfType(PatroniException.class)
                    .isThrownBy(client::view)
                    .withMessageContaining("no complete answer within 1 s");
            assertThat(clock.passed()).isFalse();
        }
    }

    @Test
    void aBodyWithoutEndIsCutOffAndTheNextMemberServes() throws Exception {
        byte[] megabyte = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        first.on("GET /cluster", view("pg1"), view("pg1"), (request, socket) -> {
            socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 64; i++) {
                socket.getOutputStream().write(megabyte);
            }
        });
        second.on("GET /cluster", view("pg2"));
        try (PatroniClient client = client(Duration.ofSeconds(30), first, second)) {
            assertThat(leader(client)).isEqualTo("pg2");
        }
    }

    @Test
    void oneThatHangsUpIsFollowedByTheNextAtOnce() throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), ScriptedPatroni.hangUp());
        second.on("GET /cluster", view("pg2"));
        try (PatroniClient client = client(Duration.ofSeconds(30), first, second)) {
            Deadline clock = Deadline.in(STAGGER);
            assertThat(leader(client)).isEqualTo("pg2");
            assertThat(clock.passed()).isFalse();
            long asked =
                    first.count("GET /cluster"); // the JDK's client itself asks again after a connection without a byte
            assertThat(leader(client)).isEqualTo("pg2");
            assertThat(first.count("GET /cluster")).isEqualTo(asked);
        }
    }

    @Test
    void cancellingInterruptsTheCallAndClosesItsConnection() throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), first.stall(""));
        try (PatroniClient client = client(Duration.ofSeconds(30), first)) {
            CompletableFuture<ClusterView> call = client.viewAsync();
            await(() -> first.count("GET /cluster") == 3);
            call.cancel(true);
            await(() -> first.openConnections() == 0);
            assertThatExceptionOfType(CancellationException.class).isThrownBy(call::join);
        }
    }

    @Test
    void closingTheClientEndsTheCall() throws Exception {
        first.on("GET /cluster", view("pg1"), view("pg1"), first.stall(HEAD));
        CompletableFuture<ClusterView> call;
        try (PatroniClient client = client(Duration.ofSeconds(30), first)) {
            call = client.viewAsync();
            await(() -> first.count("GET /cluster") == 3);
        }
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(call::join)
                .havingCause()
                .isInstanceOfSatisfying(
                        PatroniException.class, e -> assertThat(e.code()).isEqualTo(PatroniException.CLOSED));
        await(() -> first.openConnections() == 0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.passed()).isFalse();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
