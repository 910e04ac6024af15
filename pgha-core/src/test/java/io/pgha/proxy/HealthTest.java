package io.pgha.proxy;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.pgha.model.ClusterConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the scripts for real, against HAProxies that are HTTP servers on loopback addresses: 127.0.0.1 is this machine.
 */
class HealthTest {
    /** Stands for this machine's loopback addresses, which no topology of several nodes takes. */
    private static final String NETWORK = "192.0.2.";

    private final List<HttpServer> servers = new ArrayList<>();
    private int port;

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private void proxy(String address, int status) throws IOException {
        if (port == 0) {
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    private ClusterConfig config() {
        return ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("lb1", NETWORK + "1", ETCD, POSTGRES, HAPROXY)
                        .node("lb2", NETWORK + "2", HAPROXY)
                        .node("lb3", NETWORK + "3", HAPROXY)
                        .vip(NETWORK + "4/24"))
                .haproxy(haproxy -> haproxy.statsPort(port))
                .build();
    }

    private int mayHold() throws Exception {
        ClusterConfig config = config();
        return run("bash", Health.script(config, config.node("lb1"))).status();
    }

    private record Answer(int status, String text) {}

    private static Answer run(String shell, String script) throws Exception {
        Process process = new ProcessBuilder(shell, "-c", script.replace(NETWORK, "127.0.0."))
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text.strip());
    }

    @Test
    void aNodeWhoseHaproxyIsSilentMayNot() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = silent.getLocalPort();
            assertThat(mayHold()).isEqualTo(1);
        }
    }

    @Test
    void whileAllIsWellNoOtherProgramIsStarted() throws Exception {
        proxy("127.0.0.1", 200);
        String script = "PATH=/nowhere\n" + Health.script(config(), config().node("lb1"));
        assertThat(run("bash", script)).isEqualTo(new Answer(0, ""));
    }

    @Test
    void aNodeThatKnowsTheLeaderMayHoldTheAddress() throws Exception {
        proxy("127.0.0.1", 200);
        proxy("127.0.0.2", 200);
        assertThat(mayHold()).isZero();
    }

    @Test
    void aNodeWithoutHaproxyMayNot() throws Exception {
        proxy("127.0.0.2", 503);
        assertThat(mayHold()).isEqualTo(1);
    }

    @Test
    void aNodeThatKnowsNoLeaderGivesWayToOneThatDoes() throws Exception {
        proxy("127.0.0.1", 503);
        proxy("127.0.0.2", 503);
        proxy("127.0.0.3", 200);
        assertThat(mayHold()).isEqualTo(1);
    }

    @Test
    void whileNobodyKnowsTheLeaderNothingMoves() throws Exception {
        proxy("127.0.0.1", 503);
        proxy("127.0.0.2", 503);
        assertThat(mayHold()).isZero();
    }

    @Test
    void theWaitSaysWhatIsMissing() throws Exception {
        proxy("127.0.0.2", 200);
        assertThat(run("sh", Health.ofThisMachine(config())))
                .isEqualTo(new Answer(1, "HAProxy does not answer on 127.0.0.1:" + port));
        proxy("127.0.0.1", 503);
        assertThat(run("sh", Health.ofThisMachine(config())).text()).contains("calls itself the leader");
        stop();
        servers.clear();
        proxy("127.0.0.1", 200);
        assertThat(run("sh", Health.ofThisMachine(config()))).isEqualTo(new Answer(0, ""));
    }

    /** What {@code ip} says of an address: whether this machine has it, and whether another one answered for it. */
    private Answer proofOfForeign(Path directory, String here, String neighbour) throws Exception {
        Path ip = Files.writeString(directory.resolve("ip"), """
                #!/bin/sh
                case "$*" in
                  '-o addr show to 127.0.0.9') echo '%s' ;;
                  'neigh replace 127.0.0.9 dev eth1 use') touch "$0.asked" ;;
                  'neigh show to 127.0.0.9') [ ! -e "$0.asked" ] || echo '%s' ;;
                  '-o route get 127.0.0.9') echo '127.0.0.9 via 127.0.0.1 dev eth0' ;;
                esac
                """.formatted(here, neighbour));
        Files.setPosixFilePermissions(ip, PosixFilePermissions.fromString("rwx------"));
        ClusterConfig config = ClusterConfig.builder()
                .name("orders")
                .topology(t -> t.node("lb1", "127.0.0.1", ETCD, POSTGRES, HAPROXY)
                        .vip(v -> v.cidr("127.0.0.9/32").networkInterface("eth1")))
                .build();
        String script = Health.ofForeign(config.topology().vips().get(0), "eth1", config);
        return run("sh", "PATH=" + directory + ":$PATH\n" + script.replace(KeepalivedFile.PATH, "/etc/passwd"));
    }

    @Test
    void anAddressOutsideItsSubnetsIsProvedOnTheWire(@TempDir Path directory) throws Exception {
        assertThat(proofOfForeign(directory, "", "127.0.0.9 dev eth1 lladdr 02:00:00:00:00:09 REACHABLE"))
                .isEqualTo(new Answer(0, ""));
        assertThat(proofOfForeign(directory, "", "127.0.0.9 dev eth1 FAILED")).isEqualTo(new Answer(1, """
                        nothing accepts connections at 127.0.0.9 port 5000
                        nor does a machine answer for it on eth1
                        the way to it from here: 127.0.0.9 via 127.0.0.1 dev eth0"""));
    }

    @Test
    void whoeverHoldsSuchAnAddressProvesItAll(@TempDir Path directory) throws Exception {
        Answer held = proofOfForeign(
                directory,
                "2: eth1 inet 127.0.0.9/32 scope global eth1",
                "127.0.0.9 dev eth1 lladdr 02:00:00:00:00:09 REACHABLE");
        assertThat(held.status()).isEqualTo(1);
        assertThat(held.text()).startsWith("nothing accepts connections at 127.0.0.9 port 5000");
    }

    @Test
    void theProofAsksTheAddressItself() throws Exception {
        proxy("127.0.0.4", 200);
        String configured;
        try (ServerSocket writes = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.4"))) {
            ClusterConfig config = ClusterConfig.builder()
                    .from(config())
                    .haproxy(haproxy -> haproxy.statsPort(port).readWritePort(writes.getLocalPort()))
                    .build();
            String script = Health.of(config.topology().vips().get(0), config);
            assertThat(run("sh", script)).isEqualTo(new Answer(1, "keepalived has no configuration yet"));
            configured = script.replace(KeepalivedFile.PATH, "/etc/passwd");
            assertThat(run("sh", configured)).isEqualTo(new Answer(0, ""));
        }
        assertThat(run("sh", configured).text()).startsWith("nothing accepts connections at 127.0.0.4 port ");
    }
}
