package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.secret.Secret;
import io.pgha.spi.Trace;
import io.pgha.testing.Rehearsal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was rendered is read back, and no secret with it. */
class TracesTest {
    private final ClusterConfig config = Rehearsal.config().build();
    private final Node node = config.node("haproxy-02");

    private static String ask(Trace trace, String path, Path file) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", trace.probe().script().replace(path, file.toString())).start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return answer.stripTrailing();
    }

    @Test
    void haproxysListenersAndServers(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("haproxy.cfg"), new HaproxyFile(config).render(Secret.of("stats-password")));
        Trace trace = HaproxyTrace.of(node);
        String answer = ask(trace, HaproxyFile.PATH, file);

        assertThat(answer).doesNotContain("stats-password");
        Map<String, Object> facts = trace.facts().apply(answer);
        assertThat(facts.get("haproxy"))
                .isEqualTo(Map.of(
                        "stats_port", "7000",
                        "read_write_port", "5000",
                        "read_only_port", "5001",
                        "sync_port", "5002",
                        "async_port", "5003"));
        assertThat(facts.toString()).contains("haproxy-02", "postgres-01", "postgres-02", "postgres-03");
        assertThat(ask(trace, HaproxyFile.PATH, directory.resolve("none"))).isEmpty();
    }

    @Test
    void keepalivedsVirtualIps(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("keepalived.conf"),
                new KeepalivedFile(config).render(node, "eth0", Secret.of("vrrpPass")));
        Trace trace = KeepalivedTrace.of(node);
        String answer = ask(trace, KeepalivedFile.PATH, file);

        assertThat(answer).doesNotContain("vrrpPass");
        assertThat(trace.facts().apply(answer))
                .hasToString(trace.facts()
                        .apply("virtual_router_id 110\nadvert_int 1\n192.168.60.110/24 dev eth0")
                        .toString());
        assertThat(trace.facts().apply(answer).toString())
                .contains("192.168.60.110", "prefix_length=24", "virtual_router_id=110", "advert_interval=1s");
    }
}
