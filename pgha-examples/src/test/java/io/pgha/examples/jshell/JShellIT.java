package io.pgha.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.model.ConfigCodec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour of a cluster that is there, typed into JShell as users start it: SSH, Patroni, etcd and certificates. */
@ClusterTest
@Tag("trixie-only")
class JShellIT {
    @TempDir
    private Path directory;

    @Test
    void aClusterIsOperatedFromThePrompt(LabCluster cluster) throws Exception {
        ConfigCodec.yaml().write(cluster.config(), directory.resolve("cluster.yaml"));
        Launcher.Session session = Launcher.type(
                directory,
                Map.of(
                        "PGHA_USER", "ops",
                        "PGHA_KEY", cluster.lab().privateKey().toString(),
                        "PGHA_KNOWN_HOSTS", cluster.lab().knownHosts().toString(),
                        "PGHA_STATE", cluster.state().toString(),
                        "PGHA_CA_PASSPHRASE", LabCluster.PASSPHRASE),
                List.of("/open operate"));

        assertThat(session.complaints()).isEmpty();
        assertThat(session.text())
                .contains("| Member ")
                .contains("log_min_duration_statement")
                .containsPattern(": 12 certificates of generation [0-9]+, all well");
        assertThat(session.text().lines().filter(line -> line.endsWith("postgresql-cluster: nothing to do, 0 changes")))
                .as(session.text())
                .hasSize(2);
    }
}
