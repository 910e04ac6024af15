package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was rendered is read back, and no secret with it; by real shells. */
class PatroniTraceTest {
    /** Stands in the configuration for the directory of the test, where no server may have its data. */
    private static final String DATA = "/srv/postgresql/17";

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void makeData() throws IOException {
        data = Files.createDirectory(directory.resolve("data"));
    }

    private PlanContext context(UnaryOperator<ClusterConfig.Builder> change) {
        ClusterConfig.Builder config =
                ClusterConfig.builder().from(Clusters.colocated(1, pg -> pg.dataDirectory(DATA)));
        return new FixedPlanContext(change.apply(config).build(), "trixie");
    }

    private static Node node(PlanContext context) {
        return context.config().postgresNodes().get(0);
    }

    private String ask(String script) throws IOException, InterruptedException {
        Path file = directory.resolve("patroni.yaml");
        String here = script.replace(PatroniLayout.CONFIG, file.toString()).replace(DATA, data.toString());
        Process shell = new ProcessBuilder("sh", "-c", here).start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return answer.replace(data.toString(), DATA).stripTrailing();
    }

    private void render(PlanContext context) throws IOException {
        Files.writeString(
                directory.resolve("patroni.yaml"),
                PatroniYaml.render(context, node(context)).replace(DATA, data.toString()));
    }

    @Test
    void theClusterThatAMemberWasMadeForIsToldWithoutSecrets() throws Exception {
        PlanContext context = context(c -> c.patroni(p -> p.namespace("/other").restPort(8010)));
        render(context);
        String script = PatroniTrace.of(node(context)).probe().script();
        assertThat(ask(script)).as("nothing was founded").isEmpty();
        Files.writeString(data.resolve("PG_VERSION"), "17\n");
        String answer = ask(script);

        assertThat(answer).doesNotContain("secret", "password");
        assertThat(PatroniTrace.facts(answer))
                .isEqualTo(Map.of(
                        "name",
                        "main",
                        "patroni",
                        Map.of("namespace", "/other", "rest_port", "8010"),
                        "postgres",
                        Map.of(
                                "port", "5432",
                                "superuser_name", "postgres",
                                "replication_user", "replicator",
                                "rewind_user", "rewind",
                                "encoding", "UTF8",
                                "locale", "C.UTF-8"),
                        "topology",
                        Map.of("nodes", List.of(Map.of("name", "db-01", "roles", List.of("postgres"))))));
    }

    @Test
    void dataThatWouldBeLeftBehindIsRefused() throws Exception {
        render(context(c -> c));
        PlanContext elsewhere = new FixedPlanContext(Clusters.colocated(1, pg -> pg), "trixie");
        assertThat(codes(elsewhere)).as("nothing was founded").isEmpty();
        Files.writeString(data.resolve("PG_VERSION"), "17\n");

        assertThat(codes(context(c -> c))).isEmpty();
        assertThat(codes(elsewhere)).containsExactly("change.data-directory");
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        assertThat(codes(context(c -> c))).containsExactly("change.postgres-version");
    }

    private List<String> codes(PlanContext context) throws Exception {
        PreflightRule rule = PatroniPreflight.of(context).stream()
                .filter(each -> each.probe().id().equals("preflight:data-directory"))
                .findFirst()
                .orElseThrow();
        return rule.judge().apply(ask(rule.probe().script())).stream()
                .map(Problem::code)
                .toList();
    }
}
