package io.pgha.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command against answers that no Patroni gives: it ends in time, with a reason, and was asked for once. */
@Timeout(60)
class HostileCommandsTest {
    private static final OffsetDateTime LATER = OffsetDateTime.parse("2099-01-01T10:00:00Z");
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** One operation, and the request that it sends. */
    private record Command(String request, Use use) {}

    private interface Use {
        Object on(PatroniClient client) throws InterruptedException;
    }

    private static Map<String, Command> commands() {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("reload", new Command("POST /reload", c -> c.reload(r -> r.member("pg2"))));
        commands.put(
                "restart",
                new Command("POST /restart", c -> c.restart(r -> r.member("pg2").limit(SHORT))));
        commands.put("rollingRestart", new Command("POST /restart", c -> c.rollingRestart(r -> r.limit(SHORT))));
        commands.put(
                "schedule",
                new Command(
                        "POST /restart",
                        c -> c.restart(r -> r.member("pg2").at(LATER).limit(SHORT))));
        commands.put("flushRestart", new Command("DELETE /restart", c -> c.flushRestart(f -> f.member("pg2"))));
        commands.put("flushSwitchover", new Command("DELETE /switchover", c -> c.flushSwitchover()));
        commands.put(
                "failover",
                new Command("POST /failover", c -> c.failover(f -> f.to("pg2").timeout(SHORT))));
        commands.put(
                "switchover",
                new Command(
                        "POST /switchover", c -> c.switchover(s -> s.to("pg2").timeout(SHORT))));
        commands.put("pause", new Command("PATCH /config", c -> c.pause(p -> p.await(SHORT))));
        commands.put(
                "demoteCluster",
                new Command(
                        "PATCH /config", c -> c.demoteCluster(d -> d.host("x").timeout(SHORT))));
        commands.put(
                "reinit",
                new Command(
                        "POST /reinitialize", c -> c.reinit(r -> r.member("pg2").await(SHORT))));
        return commands;
    }

    private static Map<String, ScriptedPatroni.Behaviour> answers() {
        Map<String, ScriptedPatroni.Behaviour> answers = new LinkedHashMap<>();
        answers.put("a page with 200", ScriptedPatroni.page(200, "login"));
        answers.put("a page with 502", ScriptedPatroni.page(502, "Bad Gateway"));
        answers.put("501", ScriptedPatroni.page(501, "Unsupported method"));
        answers.put(
                "truncated",
                (request, socket) -> socket.getOutputStream()
                        .write(ScriptedPatroni.head(200, "Content-Length: 100", "Content-Type: application/json")));
        answers.put("10 MB", (request, socket) -> {
            OutputStream out = socket.getOutputStream();
            out.write(ScriptedPatroni.head(200, "Content-Type: text/html"));
            byte[] chunk = "x".repeat(65536).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 160; i++) {
                out.write(chunk);
            }
        });
        answers.put("a reset", ScriptedPatroni.reset("HTTP/1.0 200 OK\r\nContent-"));
        answers.put(
                "a redirect",
                (request, socket) ->
                        socket.getOutputStream().write(ScriptedPatroni.head(307, "Location: https://127.0.0.1:1/")));
        answers.put(
                "garbage",
                (request, socket) -> socket.getOutputStream()
                        .write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        return answers;
    }

    static List<String> names() {
        return List.copyOf(commands().keySet());
    }

    /** All answers at the same time, each to a cluster of its own: most of it is waiting. */
    @ParameterizedTest
    @MethodSource("names")
    void endsWithAReason(String command) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        answers()
                .forEach((answer, behaviour) -> running.add(
                        CompletableFuture.runAsync(() -> endsWithAReason(command, answer, behaviour), threads)));
        running.forEach(CompletableFuture::join);
        threads.shutdown();
    }

    private static void endsWithAReason(String command, String answer, ScriptedPatroni.Behaviour behaviour) {
        Command wanted = commands().get(command);
        try (FakeCluster cluster = new FakeCluster("4.1.4")) {
            cluster.on(wanted.request(), behaviour);
            cluster.more(", \"scheduled_switchover\": {\"at\": \"2098-01-01T10:00:00+02:00\"}");
            cluster.statusMore("pg2", ", \"scheduled_restart\": {\"schedule\": \"2098-01-01T10:00:00+02:00\"}");
            try (PatroniClient client = cluster.client()) {
                Object done = wanted.use().on(client);
                throw new AssertionError(command + " claims to be done after " + answer + ": " + done);
            } catch (PatroniException e) {
                assertThat(e.remedy()).isNotBlank();
                assertThat(e.getMessage()).doesNotContain("<html>", "s3cret").hasSizeLessThan(2000);
            }
            long asked = Stream.of("pg1", "pg2", "pg3")
                    .mapToLong(member -> cluster.server(member).count(wanted.request()))
                    .sum();
            // What is still scheduled after a look may be called off again; everything else is asked once.
            assertThat(asked).as(answer).isBetween(1L, command.equals("flushSwitchover") ? 3L : 1L);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDripIsGivenUpInTime() throws Exception {
        try (FakeCluster cluster = new FakeCluster("4.1.4")) {
            cluster.on("POST /restart", (request, socket) -> {
                OutputStream out = socket.getOutputStream();
                out.write(ScriptedPatroni.head(200, "Content-Type: text/html"));
                while (true) {
                    out.write('r');
                    out.flush();
                    Thread.sleep(20);
                }
            });
            try (PatroniClient client = cluster.client()) {
                client.restart(r -> r.member("pg2").limit(SHORT));
                throw new AssertionError("It claims to be done");
            } catch (OutcomeUnknownException e) {
                assertThat(e).hasMessageContaining("no complete answer within 1 s");
            }
        }
    }
}
