package io.pgha.examples.operations;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.PgHa;
import io.pgha.Problem;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.ExecResult;
import io.pgha.model.ClusterConfig;
import io.pgha.model.InvalidConfigException;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.plan.PreflightFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A configuration takes the values of parameters that both PostgreSQL and Patroni take, and no others; tried on a
 * server beside the cluster's.
 */
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParametersIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /**
     * What only the host or the database can know: its locales, abbreviations of time zones and objects, the limit of
     * its stack.
     */
    private static final Set<String> OF_THE_HOST = Set.of(
            "default_table_access_method",
            "default_tablespace",
            "default_text_search_config",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "max_stack_depth",
            "timezone_abbreviations",
            "wal_consistency_checking");

    /** Moments and places in the log, which have a syntax of their own, and no use in a cluster that Patroni runs. */
    private static final Set<String> RECOVERY_TARGETS = Set.of("recovery_target_lsn", "recovery_target_time");

    /** At their edges they leave none of the 262143 processes to the others. */
    private static final Set<String> SHARE_PROCESSES =
            Set.of("autovacuum_max_workers", "max_connections", "max_wal_senders", "max_worker_processes");

    /**
     * Patroni before 4.0 reads them without hexadecimal digits and fractions; so does the catalogue, which does not
     * know the version.
     */
    private static final Set<String> READ_BY_PATRONI_3 = Set.of(
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_replication_slots",
            "max_wal_senders",
            "max_worker_processes");

    /**
     * Patroni 3.0 leaves out what came with a minor release of PostgreSQL after it, and keeps hints on; 4.0 takes all.
     * The next plan tells.
     */
    private static final Set<String> LEFT_OUT_BY_PATRONI_3 = Set.of(
            "composite_type_mismatch", "output_plugin_libraries", "restrict_nonsystem_relation_kind", "wal_log_hints");

    /** {@code ALTER SYSTEM} sees one parameter at a time, and not the database. */
    private static final String SEEN_AT_THE_START = "PostgreSQL would not start";

    /** PostgreSQL and Patroni would take them; the cluster's own roles could not log in any more, or nobody could. */
    private static final String OWNED = "config.postgres-parameter-owned: ";

    /** {@code ALTER SYSTEM}, by which the server is asked, must not set it; a file may. */
    private static final Set<String> NOT_BY_ALTER_SYSTEM = Set.of("allow_alter_system");

    private record Try(String name, String value, String against) {
        static Try of(String line) {
            String[] fields = line.split("\t", -1);
            return new Try(fields[0], fields[1], fields[2]);
        }
    }

    private int major;
    private List<Try> tries;

    @BeforeAll
    void ask(LabCluster lab) throws Exception {
        ExecResult result = lab.host(lab.config().postgresNodes().get(0))
                .exec("python3 - <<'SCRIPT'\n" + script() + "SCRIPT\n", LIMIT);
        assertThat(result.exit()).as(result.err()).isZero();
        List<String> lines = result.out().lines().toList();
        major = Integer.parseInt(lines.get(0));
        tries = lines.stream().skip(1).map(Try::of).toList();
        assertThat(tries).hasSizeGreaterThan(20_000);
    }

    private static String script() throws IOException {
        try (InputStream stream = ParametersIT.class.getResourceAsStream("parameters.py")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyParameterOfTheServerIsKnown() {
        assertThat(tries.stream().map(Try::name).distinct())
                .as("run pgha-core/parameters " + major)
                .allSatisfy(name ->
                        assertThat(ParameterCatalog.of(major).find(name)).isPresent());
    }

    @Test
    void theConfigurationTakesWhatPostgresAndPatroniTake() {
        List<String> disagreements = new ArrayList<>();
        for (Try each : tries) {
            String verdict = verdict(each);
            boolean taken = verdict.isEmpty();
            boolean agree = taken == each.against().isEmpty();
            if (!agree && !explained(each, verdict)) {
                disagreements.add(each.name() + " = [" + each.value() + "]: "
                        + (taken ? "taken, though not by " + each.against() : "refused: " + verdict));
            }
        }
        assertThat(disagreements).isEmpty();
    }

    @Test
    void whatOnlyAHostKnowsIsRefusedBeforeItIsTouched(LabCluster lab) throws Exception {
        ClusterConfig unfit = ClusterConfig.builder()
                .from(lab.config())
                .postgres(pg -> pg.from(lab.config().postgres())
                        .parameter("timezone_abbreviations", "Ours")
                        .parameter("max_stack_depth", "9MB")
                        .parameter("ssl_ciphers", "NONSENSE")
                        .parameter("ssl_ecdh_curve", "prime256v2"))
                .build();
        try (PgHa pgha = lab.open()) {
            PreflightFailedException refusal = catchThrowableOfType(
                    PreflightFailedException.class, () -> pgha.cluster(unfit).plan());
            assertThat(refusal.problems())
                    .hasSize(12)
                    .extracting(Problem::code)
                    .containsOnly("preflight.timezone-abbreviations", "preflight.stack-depth", "preflight.tls-value");
        }
    }

    /** Returns what a configuration says against the value; empty where it takes it. */
    private String verdict(Try each) {
        try {
            ClusterConfig.builder()
                    .name("parameters")
                    .topology(t -> t.node("pg", "192.0.2.1", ETCD, POSTGRES))
                    .postgres(pg -> pg.version(major).parameter(each.name(), each.value()))
                    .build();
            return "";
        } catch (InvalidConfigException refused) {
            return refused.problems().stream()
                    .map(problem -> problem.code() + ": " + problem.message())
                    .collect(Collectors.joining("; "));
        }
    }

    private static boolean explained(Try each, String verdict) {
        if (!verdict.isEmpty()) {
            return verdict.contains(OWNED)
                    || verdict.contains(SEEN_AT_THE_START)
                    || READ_BY_PATRONI_3.contains(each.name());
        }
        return switch (each.against()) {
            case "server" ->
                OF_THE_HOST.contains(each.name())
                        || RECOVERY_TARGETS.contains(each.name())
                        || SHARE_PROCESSES.contains(each.name())
                        || NOT_BY_ALTER_SYSTEM.contains(each.name());
            case "patroni" -> LEFT_OUT_BY_PATRONI_3.contains(each.name());
            default -> false;
        };
    }
}
