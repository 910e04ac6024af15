package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.Observation;
import io.pgha.spi.PreflightRule;
import io.pgha.testing.FixedPlanContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreloadedLibrariesTest {
    private static Optional<PreloadedLibraries> libraries(String parameter, String value, String... packages) {
        ClusterConfig config = ClusterConfig.builder()
                .from(Clusters.colocated(1, pg -> pg.parameter(parameter, value)))
                .os(os -> os.addAllPackages(Arrays.asList(packages)))
                .build();
        Node node = config.postgresNodes().get(0);
        return PreloadedLibraries.of(new FixedPlanContext(config, "trixie"), node);
    }

    private static Optional<Problem> refusal(PreloadedLibraries libraries, String answer) {
        return libraries.rule().judge().apply(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''",
                "a|a",
                "a, b ,a|a;b",
                "\"a b\",c|a b;c",
                "\"x,y\", \"q\"\"r\"|x,y;q\"r",
                "$libdir/a,/opt/b.so|$libdir/a;/opt/b.so"
            })
    void aListIsTakenApartAsPostgresDoes(String list, String names) {
        assertThat(String.join(";", PreloadedLibraries.names(list))).isEqualTo(names);
    }

    @Test
    void nothingIsAskedWhereNothingIsPreloaded() {
        assertThat(libraries("shared_preload_libraries", "")).isEmpty();
        assertThat(libraries("work_mem", "16MB")).isEmpty();
    }

    @Test
    void aLibraryIsLookedForWherePostgresLooks() {
        String lib = "/usr/lib/postgresql/17/lib/";
        assertThat(script("shared_preload_libraries", "pg_stat_monitor"))
                .contains("[ -f " + lib + "pg_stat_monitor ] || [ -f " + lib + "pg_stat_monitor.so ]");
        assertThat(script("Session_Preload_Libraries", "$libdir/sub/x.so"))
                .contains("[ -f " + lib + "sub/x.so ] || [ -f " + lib + "sub/x.so.so ]");
        assertThat(script("shared_preload_libraries", "/opt/x")).contains("[ -f /opt/x ] || [ -f /opt/x.so ]");
        assertThat(script("local_preload_libraries", "x")).contains("[ -f " + lib + "plugins/x.so ]");
    }

    private static String script(String parameter, String value) {
        // Quotes are taken off: which of these words need them is ShellQuote's affair.
        return libraries(parameter, value).orElseThrow().probe().script().replace("'", "");
    }

    @Test
    void whatNoPackageBringsIsRefusedWithThePackageThatAptKnows() {
        PreloadedLibraries libraries = libraries("shared_preload_libraries", "pg_stat_statements,pg_cron")
                .orElseThrow();
        Problem problem = refusal(
                        libraries,
                        "missing shared_preload_libraries pg_cron\ninstalled postgresql-17\nknown postgresql-17-cron")
                .orElseThrow();

        assertThat(problem.code()).isEqualTo("preflight.library-missing");
        assertThat(problem.node()).isPresent();
        assertThat(problem.message())
                .isEqualTo("PostgreSQL 17 would not start with shared_preload_libraries = pg_cron (there is no"
                        + " /usr/lib/postgresql/17/lib/pg_cron.so)");
        assertThat(problem.remedy()).startsWith("Add postgresql-17-cron to os.packages.");
        assertThat(refusal(libraries, "missing shared_preload_libraries pg_cron\ninstalled postgresql-17")
                        .orElseThrow()
                        .remedy())
                .startsWith("Name the package that brings pg_cron in os.packages");
        assertThat(refusal(libraries, "")).isEmpty();
    }

    @Test
    void whatConnectionsLoadStopsThemAndNotTheStart() {
        PreloadedLibraries session = libraries("session_preload_libraries", "x").orElseThrow();
        assertThat(refusal(session, "missing session_preload_libraries x\ninstalled postgresql-17")
                        .orElseThrow()
                        .message())
                .isEqualTo("PostgreSQL 17 would let nobody in, not even Patroni, with session_preload_libraries = x"
                        + " (there is no /usr/lib/postgresql/17/lib/x.so)");
        assertThat(refusal(
                                libraries("local_preload_libraries", "x").orElseThrow(),
                                "missing local_preload_libraries x\nmissing shared_preload_libraries y\n"
                                        + "installed postgresql-17")
                        .orElseThrow()
                        .message())
                .isEqualTo("PostgreSQL 17 would not start with shared_preload_libraries = y (there is no"
                        + " shared_preload_libraries y), and let nobody in, not even Patroni, with"
                        + " local_preload_libraries = x (there is no /usr/lib/postgresql/17/lib/plugins/x.so)");
    }

    @Test
    void whatThisPlanInstallsIsWaitedForAndThenLookedAt() {
        PreloadedLibraries libraries = libraries("shared_preload_libraries", "pg_cron", "postgresql-17-cron", "htop")
                .orElseThrow();
        String answer = "missing shared_preload_libraries pg_cron\ninstalled postgresql-17\ninstalled htop";

        assertThat(refusal(libraries, answer)).isEmpty();
        assertThat(libraries.diff(Observation.of(answer)).orElseThrow().reason())
                .isEqualTo("pg_cron should come with postgresql-17-cron");
        assertThat(refusal(libraries, answer + "\ninstalled postgresql-17-cron"))
                .isPresent();
        assertThat(libraries
                        .unmet(Clusters.colocated(1).postgresNodes().get(0), Observation.of(answer))
                        .orElseThrow()
                        .code())
                .isEqualTo("postgres.library-missing");
        assertThat(libraries.diff(Observation.of(""))).isEmpty();
    }

    @Test
    void whatTheServersPackageBringsIsNotRefusedOnABareHost() {
        PreloadedLibraries servers =
                libraries("shared_preload_libraries", "pg_stat_statements").orElseThrow();
        assertThat(refusal(servers, servers.probe().bare())).isEmpty();
        assertThat(servers.diff(Observation.of(servers.probe().bare()))
                        .orElseThrow()
                        .reason())
                .isEqualTo("pg_stat_statements should come with postgresql-17");
        assertThat(refusal(servers, servers.probe().bare() + "\ninstalled postgresql-17"))
                .isPresent();
        PreloadedLibraries others =
                libraries("shared_preload_libraries", "pg_stat_monitor").orElseThrow();
        assertThat(refusal(others, others.probe().bare())).isPresent();
    }

    @Test
    void aPackageThatHasNothingToDoWithPostgresBringsNoLibrary() {
        PreloadedLibraries libraries = libraries("shared_preload_libraries", "pg_stat_statment", "htop")
                .orElseThrow();
        String missing = "missing shared_preload_libraries pg_stat_statment\ninstalled postgresql-17";

        assertThat(refusal(libraries, missing)).isPresent();
        assertThat(refusal(libraries, missing + "\nrelated htop")).isEmpty();
        assertThat(refusal(
                        libraries("shared_preload_libraries", "timescaledb", "timescaledb-2-postgresql-17")
                                .orElseThrow(),
                        "missing shared_preload_libraries timescaledb\ninstalled postgresql-17"))
                .isEmpty();
    }

    @Test
    void eachLibraryIsSaidToComeWithWhatMayBringIt() {
        PreloadedLibraries libraries = libraries(
                        "shared_preload_libraries", "pg_stat_statements,pg_cron", "htop", "postgresql-17-cron")
                .orElseThrow();
        String bare = libraries.probe().bare();

        assertThat(refusal(libraries, bare)).isEmpty();
        assertThat(libraries.diff(Observation.of(bare)).orElseThrow().reason())
                .isEqualTo(
                        "pg_stat_statements should come with postgresql-17; pg_cron should come with postgresql-17-cron");
        PreloadedLibraries unnamed = libraries("shared_preload_libraries", "pg_stat_statements,pgaudit", "htop")
                .orElseThrow();
        assertThat(refusal(unnamed, unnamed.probe().bare()).orElseThrow().remedy())
                .startsWith("Name the package that brings pgaudit in os.packages");
    }

    @Test
    void theQuestionIsGoodShell(@TempDir Path directory) throws IOException, InterruptedException {
        Path there = Files.writeString(directory.resolve("it's here.so"), "");
        PreflightRule rule = libraries("shared_preload_libraries", "\"" + there + "\", /no/such$(id)")
                .orElseThrow()
                .rule();
        Process sh = new ProcessBuilder("sh", "-c", rule.probe().script())
                .redirectErrorStream(false)
                .start();
        String said = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said.lines().filter(line -> line.startsWith("missing")))
                .containsExactly("missing shared_preload_libraries /no/such$(id)");
        assertThat(sh.waitFor()).isLessThan(2);
    }
}
