package io.pgha.etcd.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was rendered is read back, by a real shell. */
class EtcdTraceTest {

    @Test
    void theClusterThatAMemberWasMadeForIsTold(@TempDir Path directory) throws Exception {
        ClusterConfig config = Clusters.colocated(3);
        Node node = config.etcdNodes().get(1);
        Path file = directory.resolve("etcd.env");
        Path data = directory.resolve("data");
        Files.writeString(
                file, EtcdFiles.environment(config, node).replace(EtcdLayout.dataDirectory(config), data.toString()));
        assertThat(ask(node, file)).as("nothing was founded").isEmpty();
        Files.createDirectories(data.resolve("member"));

        assertThat(EtcdTrace.of(node).facts().apply(ask(node, file)))
                .isEqualTo(Map.of(
                        "name",
                        "main",
                        "etcd",
                        Map.of("client_port", 2379, "peer_port", 2380),
                        "topology",
                        Map.of("nodes", List.of(Map.of("name", node.name(), "roles", List.of("etcd"))))));
    }

    private static String ask(Node node, Path file) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        EtcdTrace.of(node).probe().script().replace(EtcdLayout.ENVIRONMENT, file.toString()))
                .start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return answer.stripTrailing();
    }
}
