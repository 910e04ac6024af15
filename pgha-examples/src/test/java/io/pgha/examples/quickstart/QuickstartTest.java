package io.pgha.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgha.Cluster;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Transport;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.ssh.SshOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code quickstart --config FILE} on hosts in memory: what it does there, and what it leaves alone. */
class QuickstartTest {
    /** Nobody answers at the virtual IP. */
    private static final String CLUSTER = """
            name: main
            topology:
              nodes:
                - {name: postgres-01, address: 127.1.60.1, roles: [etcd, postgres]}
                - {name: postgres-02, address: 127.1.60.2, roles: [etcd, postgres]}
                - {name: postgres-03, address: 127.1.60.3, roles: [etcd, postgres]}
                - {name: haproxy-01, address: 127.1.60.4, roles: [haproxy]}
              vips: [127.1.60.10/24]
            """;

    private static final String MEMBERS = """
            {"scope": "main", "members": [{"name": "postgres-01", "role": "leader", "state": "running", "host": "127.1.60.1",
             "port": 5432, "timeline": 1, "api_url": "http://127.1.60.1:8008/patroni"}]}""";

    @TempDir
    private Path directory;

    private final InMemoryTransport hosts = InMemoryTransport.of("trixie");
    private final List<SshOptions> asked = new ArrayList<>();
    private final Set<String> requests = new ConcurrentSkipListSet<>();
    private final StringWriter complaints = new StringWriter();
    private HttpServer patroni;

    @BeforeEach
    void start() throws IOException {
        patroni = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        patroni.createContext("/", this::answer);
        patroni.start();
        Files.writeString(directory.resolve("cluster.yaml"), CLUSTER);
    }

    @AfterEach
    void stop() {
        patroni.stop(0);
    }

    @Test
    void deploysAndDoesNothingElse() throws IOException {
        assertThat(quickstart(Map.of("PGHA_CA_PASSPHRASE", "correct horse")))
                .as(complaints.toString())
                .isZero();

        JsonNode figures =
                new ObjectMapper().readTree(directory.resolve("figures.json").toFile());
        assertThat(figures.get("steps").asInt()).isPositive();
        assertThat(figures.get("secondPlanChanges").asInt(-1)).isZero();
        assertThat(figures.fieldNames()).toIterable().doesNotContain("acknowledged", "switchoverGapMillis");
        assertThat(requests).isNotEmpty().allMatch(request -> request.startsWith("GET "));
        assertThat(hosts.done("haproxy-01")).isNotEmpty();
        assertThat(directory.resolve("state/pki")).isDirectory();
        assertThat(asked).singleElement().satisfies(ssh -> {
            assertThat(ssh.user()).isEqualTo("ops");
            assertThat(ssh.knownHosts()).isEqualTo(directory.resolve("known_hosts"));
        });
    }

    @Test
    void writesWhereItIsAskedTo() {
        assertThat(quickstart(Map.of("PGHA_CA_PASSPHRASE", "correct horse"), "--exercise"))
                .isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(complaints.toString()).contains("127.1.60.10:5000");
    }

    @Test
    void asksForThePassphraseBeforeItReachesForAHost() {
        assertThat(quickstart(Map.of())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(asked).isEmpty();
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void refusesAReleaseThatTheLabDoesNotHave() {
        int exit = Quickstart.line(new Quickstart(new InMemory(), Map.of()))
                .setErr(new PrintWriter(complaints, true))
                .execute("--release", "noble");
        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(complaints.toString()).contains("'noble'", "TRIXIE", "BOOKWORM");
    }

    private int quickstart(Map<String, String> environment, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--config",
                directory.resolve("cluster.yaml").toString(),
                "--inventory-key",
                directory.resolve("id_ed25519").toString(),
                "--user",
                "ops",
                "--known-hosts",
                directory.resolve("known_hosts").toString(),
                "--state",
                directory.resolve("state").toString(),
                "--json",
                directory.resolve("figures.json").toString()));
        arguments.addAll(List.of(more));
        return Quickstart.line(new Quickstart(new InMemory(), environment))
                .setErr(new PrintWriter(complaints, true))
                .execute(arguments.toArray(String[]::new));
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        byte[] body = MEMBERS.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Hosts in memory have no Patroni; one answers for them. */
    private final class InMemory implements Reach {
        @Override
        public Transport hosts(UnaryOperator<SshOptions.Builder> ssh) {
            asked.add(ssh.apply(SshOptions.builder()).build());
            return hosts;
        }

        @Override
        public PatroniClient patroni(Cluster cluster) {
            return Patroni.client(
                    c -> c.endpoint("http://127.0.0.1:" + patroni.getAddress().getPort()));
        }
    }
}
