package io.pgha.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JShell as users start it, from a directory that knows nothing of this repository; what needs hosts is in
 * {@code JShellIT}.
 */
class LauncherTest {
    @TempDir
    private Path directory;

    private Launcher.Session type(String... lines) throws IOException, InterruptedException {
        return Launcher.type(directory, Map.of(), List.of(lines));
    }

    @Test
    void aRehearsalIsOpenedByItsNameAndPromptsAreShort() throws Exception {
        Launcher.Session session = type(
                "/open rehearse",
                "plan",
                "plan.details()",
                "plan.stages()",
                "cluster",
                "pgha",
                "show(plan.stages())",
                "show(plan.details())");

        assertThat(session.complaints()).isEmpty();
        assertThat(session.text())
                .contains("postgresql-cluster: nothing to do, 0 changes")
                .containsPattern("plan ==> postgresql-cluster: \\d+ changes? in \\d+ stages?, impact none \\(")
                .contains("cluster ==> postgresql-cluster: 3 etcd, 3 postgres, 2 haproxy, VIP 192.168.60.110/24\n")
                .contains("\nVERIFY  virtual IP")
                .doesNotContain(" ... ");
        assertThat(session.text().lines().filter(line -> line.contains(" ==> ")))
                .allSatisfy(line -> assertThat(line.length()).isLessThan(950));
    }

    @Test
    void everyDefaultModuleIsThere() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/cluster", exchange -> {
            byte[] body = """
                    {"scope": "main", "members": [{"name": "pg1", "role": "leader", "state": "running", "host": "10.0.0.1",
                     "port": 5432, "timeline": 1, "api_url": "http://10.0.0.1:8008/patroni"}]}""".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (ServerSocket hangsUp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread hanging = new Thread(() -> hangUp(hangsUp), "hangs-up");
            hanging.setDaemon(true);
            hanging.start();
            Launcher.Session session = type(
                    "var patroni = Patroni.client(c -> c.endpoint(\"http://127.0.0.1:"
                            + server.getAddress().getPort() + "\"))",
                    "patroni.view().leader().get().name()",
                    "patroni.close()",
                    "var hosts = Ssh.transport(s -> s.user(\"ops\").password(Secret.of(\"none\")).knownHosts(Path.of(\"none\")))",
                    "var node = Node.builder().name(\"pg1\").address(\"127.0.0.1\").sshPort(" + hangsUp.getLocalPort()
                            + ").build()",
                    "try { hosts.connect(node); } catch (HostException e) { show(e.problem()); }",
                    "hosts.close()",
                    "Etcd.client(e -> e.endpoint(\"http://127.0.0.1:1\")).close()",
                    "Certs.component(CaStore.memory())");

            assertThat(session.complaints()).isEmpty();
            assertThat(session.text()).contains("==> \"pg1\"").contains("To fix: ");
        } finally {
            server.stop(0);
        }
    }

    private static void hangUp(ServerSocket server) {
        try {
            server.accept().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theNamesOfTheReadmeAreImported() throws Exception {
        Launcher.Session session = type(
                "List.of(ETCD, POSTGRES, HAPROXY, REPLICA, SWITCHOVER, ENABLED, MONDAY)",
                "Path.of(\"pki\")",
                "Duration.ofDays(30)",
                "CompletableFuture.completedFuture(HealthCheck.REPLICA).join()",
                "Formats.class.getName()");

        assertThat(session.complaints()).isEmpty();
        assertThat(session.text())
                .contains("[ETCD, POSTGRES, HAPROXY, REPLICA, SWITCHOVER, ENABLED, MONDAY]")
                .contains("PT720H");
    }

    @Test
    void whatIsWrongIsNoticed() throws Exception {
        assertThat(type("int number = \"no\";").complaints()).anyMatch(line -> line.contains("Error"));
        assertThat(type("List.of().get(0)").complaints()).anyMatch(line -> line.contains("Exception"));
        assertThat(type("/open nowhere").complaints()).anyMatch(line -> line.contains("not found"));
        assertThat(type("Unknown f() { return null; }").complaints()).isNotEmpty();
    }
}
