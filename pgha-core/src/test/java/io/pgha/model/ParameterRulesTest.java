package io.pgha.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.postgres.PostgresConfig;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterRulesTest {
    private static List<String> codes(String name, Object value) {
        return Configs.codes(c -> c.postgres(pg -> pg.parameter(name, value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listen_addresses",
                "port",
                "cluster_name",
                "hot_standby",
                "data_directory",
                "config_file",
                "hba_file",
                "ident_file",
                "primary_conninfo",
                "primary_slot_name",
                "ssl",
                "ssl_cert_file",
                "ssl_key_file",
                "ssl_ca_file",
                "recovery_target",
                "recovery_target_time",
                "Listen_Addresses"
            })
    void refusesWhatPatroniOrPghaOwn(String name) {
        assertThat(codes(name, "x")).containsExactly("postgres-parameter-owned");
    }

    @Test
    void takesNoSwitchForAText() {
        assertThat(codes("archive_command", true)).containsExactly("postgres-parameter-value");
        assertThat(codes("log_directory", false)).containsExactly("postgres-parameter-value");
        assertThat(codes("archive_command", "true")).isEmpty();
        assertThat(codes("archive_mode", true)).isEmpty();
        assertThat(codes("autovacuum", false)).isEmpty();
    }

    @Test
    void refusesNamesOfRolesForEachDatabase() {
        for (Object on : List.of(true, "on", "YES", "1", 1)) {
            assertThat(codes("db_user_namespace", on)).as("%s", on).containsExactly("postgres-parameter-owned");
        }
        for (Object off : List.of(false, "off", "NO", "0", 0)) {
            assertThat(codes("db_user_namespace", off)).as("%s", off).isEmpty();
        }
        assertThat(codes("db_user_namespace", "x")).containsExactly("postgres-parameter-range");
    }

    @Test
    void saysWhereToSetItInstead() {
        List<Problem> problems = Configs.problems(c -> c.postgres(pg -> pg.parameter("port", 5433)));
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.remedy()).contains("postgres.port"));
    }

    @Test
    void synchronousStandbysArePatronisOnlyWhenItIsSynchronous() {
        assertThat(codes("synchronous_standby_names", "a")).isEmpty();
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.parameter("synchronous_standby_names", "a"))
                        .patroni(p -> p.synchronousMode(SynchronousMode.QUORUM))))
                .containsExactly("postgres-parameter-owned");
    }

    @Test
    void refusesToStorePasswordsThatPgHbaDoesNotLetIn() {
        for (Object value : List.of("md5", "MD5", true, "on")) {
            assertThat(codes("password_encryption", value)).containsExactly("postgres-parameter-owned");
        }
        assertThat(codes("Password_Encryption", "SCRAM-SHA-256")).isEmpty();
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.parameter("password_encryption", "md5"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("\"md5\"", "scram-sha-256"));
    }

    static Stream<Arguments> floors() {
        return Stream.of(
                Arguments.of("max_connections", 25, 24),
                Arguments.of("max_locks_per_transaction", 32, 31),
                Arguments.of("max_worker_processes", 2, 1),
                Arguments.of("max_prepared_transactions", 0, -1),
                Arguments.of("max_wal_senders", 3, 2),
                Arguments.of("max_replication_slots", 4, 3),
                Arguments.of("wal_keep_segments", 1, 0),
                Arguments.of("wal_keep_size", 16, 15),
                Arguments.of("wal_keep_size", "16MB", "15MB"),
                Arguments.of("wal_keep_size", "16384 kB", "15000kB"),
                Arguments.of("wal_keep_size", "1GB", "0TB"),
                Arguments.of("wal_keep_size", "16777216B", "16mb"),
                Arguments.of("max_connections", "25", "24"),
                Arguments.of("max_connections", 300L, "many"),
                Arguments.of("MAX_CONNECTIONS", 300, 1),
                Arguments.of("max_connections", new BigDecimal("1E+2"), 99.5),
                Arguments.of("wal_level", "logical", "minimal"),
                Arguments.of("wal_log_hints", true, "maybe"),
                Arguments.of("track_commit_timestamp", "off", 2));
    }

    @ParameterizedTest
    @MethodSource("floors")
    void refusesWhatPatroniWouldReplace(String name, Object good, Object bad) {
        assertThat(codes(name, good)).isEmpty();
        assertThat(codes(name, bad)).containsExactly("postgres-parameter-range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "1a", "a b", "a-b", "a=b", "a\n", ".a", "ä", "a'", "foo.", "a.b.c", "x.1a", "x..y", "a$1.b", "a.b$"
            })
    void refusesNamesThatCannotBe(String name) {
        assertThat(codes(name, 1)).containsExactly("postgres-parameter-name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"work_mem", "pg_stat_statements.max", "_x.y", "a_1._b2", "Work_Mem"})
    void takesOrdinaryNames(String name) {
        assertThat(codes(name, "64MB")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "shared_buffers, 300mb, postgres-parameter-range, did you mean 300MB?",
        "work_mem, 64mb, postgres-parameter-range, did you mean 64MB?",
        "work_men, 64MB, postgres-parameter-unknown, did you mean work_mem?",
        "wal_sync_method, fsyncc, postgres-parameter-range, did you mean fsync?",
        "checkpoint_timeout, 15m, postgres-parameter-range, min",
        "random_page_cost, cheap, postgres-parameter-range, a number",
        "max_connections, 300000, postgres-parameter-range, 262143",
        "server_version, 17, postgres-parameter-range, only be read",
        "unix_socket_directories, /tmp, postgres-parameter-owned, not for a configuration"
    })
    void refusesWhatPostgresWouldNotTake(String name, String value, String code, String words) {
        assertThat(Configs.problems(c -> c.postgres(pg -> pg.parameter(name, value))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("config." + code);
                    assertThat(problem.message()).contains(name, words);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "wal_keep_size, 17900.0MB",
        "wal_level, Replica",
        "synchronous_commit, true",
        "wal_level, HOT_STANDBY",
        "MAX_CONNECTIONS, 300",
        "wal_keep_segments, 8"
    })
    void takesWhatPostgresAndPatroniTake(String name, String value) {
        assertThat(codes(name, value)).isEmpty();
    }

    /**
     * PostgreSQL 15 says so of each and does not start; reserved_connections came with 16 and counts with the other.
     */
    @ParameterizedTest
    @CsvSource({
        "superuser_reserved_connections, 200, work_mem, 1MB",
        "Superuser_Reserved_Connections, 300, MAX_CONNECTIONS, 300",
        "superuser_reserved_connections, 100, reserved_connections, 100",
        "reserved_connections, 22, max_connections, 25",
        "min_wal_size, 31MB, work_mem, 1MB",
        "max_wal_size, 16, work_mem, 1MB",
        "ssl_min_protocol_version, TLSv1.3, ssl_max_protocol_version, tlsv1.2",
        "ssl_max_protocol_version, TLSv1.1, work_mem, 1MB",
        "log_statement_stats, on, log_parser_stats, true"
    })
    void refusesWhatTogetherKeepsPostgresFromStarting(String name, String value, String other, String beside) {
        assertThat(Configs.problems(
                        c -> c.postgres(pg -> pg.parameter(name, value).parameter(other, beside))))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("config.postgres-parameter-clash");
                    assertThat(problem.message())
                            .contains("PostgreSQL would not start", name.toLowerCase(Locale.ROOT), value);
                });
    }

    @Test
    void theOldNameOfAParameterDoesNotGoBesideTheNewOne() {
        assertThat(Configs.codes(c ->
                        c.postgres(pg -> pg.parameter("wal_keep_segments", 64).parameter("WAL_keep_size", "1GB"))))
                .containsExactly("postgres-parameter-clash");
    }

    @ParameterizedTest
    @CsvSource({
        "superuser_reserved_connections, 199, work_mem, 1MB",
        "reserved_connections, 21, max_connections, 25",
        "min_wal_size, 32MB, max_wal_size, 32MB",
        "min_wal_size, 4GB, max_wal_size, 1GB",
        "ssl_min_protocol_version, TLSv1.3, ssl_max_protocol_version, TLSv1.3",
        "ssl_min_protocol_version, TLSv1.3, ssl_max_protocol_version, ''",
        "ssl_min_protocol_version, TLSv1.1, ssl_max_protocol_version, TLSv1.1",
        "log_statement_stats, off, log_parser_stats, on",
        "log_planner_stats, on, log_parser_stats, on",
        "max_connections, 262121, work_mem, 1MB"
    })
    void takesWhatPostgresStartsWith(String name, String value, String other, String beside) {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.parameter(name, value).parameter(other, beside))))
                .isEmpty();
    }

    @Test
    void refusesMoreProcessesThanPostgresCanCount() {
        assertThat(codes("max_connections", 262122)).containsExactly("postgres-parameter-clash");
        assertThat(Configs.codes(c ->
                        c.postgres(pg -> pg.parameter("max_connections", 200000).parameter("max_wal_senders", 100000))))
                .containsExactly("postgres-parameter-clash");
    }

    @Test
    void postgres12TakesOldTlsByDefault() {
        assertThat(Configs.codes(
                        c -> c.postgres(pg -> pg.version(12).parameter("ssl_max_protocol_version", "TLSv1.1"))))
                .isEmpty();
    }

    @Test
    void judgesByTheVersionThatIsAskedFor() {
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(17).parameter("promote_trigger_file", "/x"))))
                .containsExactly("postgres-parameter-unknown");
        assertThat(Configs.codes(c -> c.postgres(pg -> pg.version(15).parameter("promote_trigger_file", "/x"))))
                .isEmpty();
        assertThat(codes("promote_trigger_file", "/x")).isEmpty();
    }

    @Test
    void refusesTheSameNameInTwoSpellings() {
        assertThat(Configs.codes(
                        c -> c.postgres(pg -> pg.parameter("work_mem", "1MB").parameter("Work_Mem", "2MB"))))
                .containsExactly("postgres-parameter-duplicate");
    }

    @Test
    void takesTextNumberAndBooleanOnly() {
        for (Object value : List.of("it's \"quoted\" \\ ünïcode", 1, 1L, 0.5, 0.5f, true, BigInteger.TEN.pow(30))) {
            assertThat(codes("x.y", value)).isEmpty();
        }
        for (Object value : List.of(
                "a\nb", "a\0", "a\u2028b", "\ud800", List.of("a"), new Object(), Double.NaN, Float.NEGATIVE_INFINITY)) {
            assertThat(codes("x.y", value)).containsExactly("postgres-parameter-value");
        }
    }

    @Test
    void equalNumbersAreEqualWhateverTheirType() {
        PostgresConfig expected = PostgresConfig.builder().parameter("x", 300).build();
        for (Object value :
                List.of(300L, (short) 300, BigInteger.valueOf(300), new BigDecimal("3E+2"), new AtomicLong(300))) {
            assertThat(PostgresConfig.builder().parameter("x", value).build()).isEqualTo(expected);
        }
        assertThat(PostgresConfig.builder().parameter("x", 0.1f).build().parameters())
                .containsEntry("x", 0.1);
        assertThat(PostgresConfig.builder().parameter("x", 1L << 40).build().parameters())
                .containsEntry("x", 1L << 40);
        assertThat(PostgresConfig.builder()
                        .parameter("x", new BigDecimal("1E+999999999"))
                        .build()
                        .parameters())
                .containsEntry("x", Double.POSITIVE_INFINITY);
    }

    @Property(tries = 300)
    void hostileNamesNeverGetThrough(@ForAll String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
            assertThat(codes(name, 1)).containsExactly("postgres-parameter-name");
        }
    }
}
