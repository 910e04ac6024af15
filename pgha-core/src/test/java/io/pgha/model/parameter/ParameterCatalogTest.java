package io.pgha.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterCatalogTest {
    private static final ParameterCatalog NEW = ParameterCatalog.of(17);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "work_mem|64MB",
                "work_mem|65536",
                "work_mem|' 64 MB '",
                "work_mem|0x10000",
                "work_mem|1.5MB",
                "work_mem|6e1MB",
                "wal_keep_size|17900.0MB",
                "wal_level|Replica",
                "wal_level|hot_standby",
                "synchronous_commit|TRUE",
                "synchronous_commit|Remote_Apply",
                "autovacuum|YES",
                "autovacuum|0",
                "log_min_duration_statement|-1",
                "checkpoint_timeout|15min",
                "vacuum_cost_delay|2500us",
                "random_page_cost|1.1",
                "random_page_cost|1e0",
                "ssl_min_protocol_version|tlsv1.3",
                "TimeZone|Europe/London",
                "timezone|UTC",
                "unix_socket_permissions|0770",
                "composite_type_mismatch|warn",
                "log_destination|'stderr, CSVLOG'",
                "log_destination|''",
                "DateStyle|'ISO, DMY'",
                "restrict_nonsystem_relation_kind|'view,foreign-table'",
                "bonjour|off",
                "transaction_buffers|0",
                "transaction_buffers|32",
                "transaction_buffers|1MB",
                "vacuum_buffer_usage_limit|0",
                "vacuum_buffer_usage_limit|128",
                "pg_stat_statements.max|x",
                "TimeZone|europe/berlin",
                "TimeZone|America/Coyhaique",
                "TimeZone|EST",
                "TimeZone|localtime",
                "TimeZone|posix/Europe/Berlin",
                "TimeZone|EST5EDT,M3.2.0,M11.1.0",
                "TimeZone|<+02>-2",
                "TimeZone|-3.5",
                "TimeZone|167.99",
                "TimeZone|FOO-167",
                "TimeZone|Foo/Bar5",
                "DateStyle|'german, dmy, Euro'",
                "DateStyle|'us, noneuropean, sql, SQL'",
                "DateStyle|'postgresql, europe'",
                "backtrace_functions|'a,b_1 C'",
                "synchronized_standby_slots|'A, \"b_1\", 7'",
                "synchronized_standby_slots|''",
                "client_encoding|utf-8",
                "client_encoding|'Shift_JIS'",
                "client_encoding|Unicode",
                "timezone_abbreviations|India",
                "log_timezone|Etc/GMT+5",
                "search_path|'\"$user\", public'",
                "search_path|''",
                "temp_tablespaces|\"a b\",c",
                "shared_preload_libraries|'auto_explain, pg_stat_statements'",
                "shared_preload_libraries|/opt/my libs/x",
                "shared_preload_libraries|'\"my lib\", \"a\"\"b\"'",
                "shared_preload_libraries|''",
                "synchronous_standby_names|''",
                "synchronous_standby_names|*",
                "synchronous_standby_names|'a, \"b-1\"'",
                "synchronous_standby_names|2(a,b$1,5)",
                "synchronous_standby_names|'FIRST 2 ( a, firsts )'",
                "synchronous_standby_names|any 1 (é)",
                "lc_messages|C",
            })
    void takesWhatPostgresAndPatroniTake(String name, String value) {
        assertThat(NEW.problem(name, value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shared_buffers|300mb|did you mean 300MB?",
                "work_mem|64mb|did you mean 64MB?",
                "work_mem|64 Kb|did you mean 64 kB?",
                "work_mem|64M|TB, GB, MB, kB, B",
                "work_mem|lots|with a unit such as MB",
                "work_mem|true|with a unit such as MB",
                "work_mem|''|with a unit such as MB",
                "work_mem|1kB|from 64kB to 2147483647kB",
                "work_mem|3TB|from 64kB",
                "work_mem|08|a whole number",
                "work_mem|0X10|one of",
                "max_connections|100MB|without a unit",
                "max_connections|1_000|without a unit",
                "max_connections|0|from 1 to 262143",
                "checkpoint_timeout|15m|d, h, min, s, ms, us",
                "checkpoint_timeout|15Min|did you mean 15min?",
                "random_page_cost|-1|from 0",
                "random_page_cost|nan|a number",
                "random_page_cost|1.|a number",
                "autovacuum|t|on or off",
                "autovacuum|maybe|on or off",
                "wal_level|replika|did you mean replica?",
                "synchronous_commit|remote|one of",
                "work_men|64MB|did you mean work_mem?",
                "server_version|17|only be read",
                "log_destination|stdrr|did you mean stderr?",
                "log_destination|'stderr,'|a list of stderr, csvlog, jsonlog, syslog",
                "DateStyle|nonsense|a list of iso",
                "DateStyle|'ISO, sql'|not be both iso and sql",
                "DateStyle|'us, euro'|not be both dmy and mdy",
                "backtrace_functions|a-b|names of C functions",
                "synchronized_standby_slots|a-b|a list of slots",
                "synchronized_standby_slots|\"A\"|a list of slots",
                "synchronized_standby_slots|'a,'|a list of slots",
                "client_encoding|utf-9|such as UTF8",
                "client_encoding|''|not be empty",
                "timezone_abbreviations|Europe.txt|such as Default",
                "timezone_abbreviations|''|such as Default",
                "TimeZone|0600|such as Europe/Berlin",
                "TimeZone|-168|such as Europe/Berlin",
                "TimeZone|FOO200|such as Europe/Berlin",
                "TimeZone|<+02>|such as Europe/Berlin",
                "synchronous_standby_names|' '|FIRST 1",
                "createrole_self_grant|admin|a list of set, inherit",
                "debug_io_direct|temp|a list of data, wal, wal_init",
                "recovery_target|latest|it must be immediate",
                "restrict_nonsystem_relation_kind|table|a list of view, foreign-table",
                "bonjour|on|built without it",
                "notify_buffers|24|a multiple of 16 (counted in 8kB)",
                "transaction_buffers|64kB|a multiple of 16",
                "vacuum_buffer_usage_limit|64kB|it must be 0, or at least 128kB",
                "transaction_isolation|serializable|in a transaction only",
                "zzzzzzzzz|1|none that PostgreSQL has",
                "TimeZone|Europe/Berlinn|did you mean Europe/Berlin?",
                "timezone|MESZ|such as Europe/Berlin",
                "TimeZone|Foo/Bar|such as Europe/Berlin",
                "TimeZone|'Europe/Berlin '|did you mean Europe/Berlin?",
                "TimeZone|''|not be empty",
                "log_timezone|local|such as Europe/Berlin",
                "lc_messages|''|not be empty",
                "search_path|a b|a list such as",
                "search_path|\"$user|a list such as",
                "temp_tablespaces|a,,b|a list such as",
                "shared_preload_libraries|'a,'|without empty items",
                "shared_preload_libraries|\"a|without empty items",
                "shared_preload_libraries|'a, \"\"'|without empty items",
                "synchronous_standby_names|a-b|in quotes",
                "synchronous_standby_names|a b|FIRST 1",
                "synchronous_standby_names|'a,'|FIRST 1",
                "synchronous_standby_names|ANY (a,b)|ANY 1",
                "synchronous_standby_names|FIRST 0 (a)|FIRST 1",
                "synchronous_standby_names|first|FIRST 1",
                "synchronous_standby_names|1a|FIRST 1",
                "synchronous_standby_names|\"a-b|FIRST 1",
            })
    void saysWhatIsWrong(String name, String value, String reason) {
        assertThat(NEW.problem(name, value))
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
    }

    @ParameterizedTest
    @CsvSource({
        "work_mem, 64MB, 65536",
        "work_mem, 1.5MB, 1536",
        "shared_buffers, 128MB, 16384",
        "autovacuum, yes, on",
        "synchronous_commit, 1, on",
        "wal_level, HOT_STANDBY, replica",
        "wal_compression, on, pglz",
        "wal_buffers, -1, 2048",
        "random_page_cost, 1.10, 1.1",
        "checkpoint_timeout, 15min, 900",
        "vacuum_cost_delay, 2500us, 2.5",
        "log_file_mode, 0640, 0640",
        "TimeZone, europe/london, Europe/London",
    })
    void meansTheSame(String name, String asked, String setting) {
        assertThat(NEW.find(name).orElseThrow().means(asked, setting)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "work_mem, 64MB, 4096",
        "work_mem, 64mb, 4096",
        "autovacuum, on, off",
        "wal_level, logical, replica",
        "wal_buffers, 16MB, 1024",
        "random_page_cost, 1.1, 4",
        "log_line_prefix, %m, %M",
    })
    void doesNotMeanTheSame(String name, String asked, String setting) {
        assertThat(NEW.find(name).orElseThrow().means(asked, setting)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "wal_level, Replica, replica",
        "shared_buffers, 5120MB, 5GB",
        "shared_buffers, 655360, 5GB",
        "wal_log_hints, true, on",
        "logging_collector, yes, on",
        "max_connections, 0x64, 100",
        "archive_mode, ON, on",
        "cluster_name, a, a",
        "app.name, a, a",
    })
    void writtenOtherwiseNothingRestarts(String name, String before, String after) {
        for (ParameterCatalog catalog : List.of(NEW, ParameterCatalog.lenient(), ParameterCatalog.of(18))) {
            assertThat(catalog.alike(name, before, after)).isTrue();
            assertThat(catalog.alike(name, after, before)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wal_level, logical, replica",
        "wal_level, hot_standby, replica",
        "shared_buffers, 5121MB, 5GB",
        "shared_buffers, 5gb, 5GB",
        "wal_buffers, -1, 2048",
        "wal_log_hints, t, on",
        "archive_mode, true, on",
        "cluster_name, A, a",
        "io_method, Worker, worker",
        "app.name, A, a",
    })
    void whatPatroniOrPostgresTellsApartIsAnotherValue(String name, String before, String after) {
        assertThat(ParameterCatalog.lenient().alike(name, before, after)).isFalse();
        assertThat(ParameterCatalog.lenient().alike(name, after, before)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18|log_connections|receipt",
                "18|log_connections|'Receipt, setup_durations'",
                "18|log_connections|all",
                "18|log_connections|''",
                "18|log_connections|on",
                "18|wal_sync_method|something_new",
                "14|wal_compression|off",
                "12|client_min_messages|fatal",
            })
    void wordsOfVersionsBeyondTheListsAreTaken(int major, String name, String value) {
        assertThat(ParameterCatalog.of(major).problem(name, value)).isEmpty();
        assertThat(ParameterCatalog.lenient().problem(name, value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "18, fsync, offf",
        "18, fsync, t",
        "18, fsync, 2",
        "18, bonjour, on",
        "18, wal_compression, lz5",
        "18, transaction_read_only, word",
        "18, huge_pages_status, word",
        "16, log_connections, receipt",
        "17, log_connections, receipt",
    })
    void mistakesAreNoNewWords(int major, String name, String value) {
        assertThat(ParameterCatalog.of(major).problem(name, value)).isPresent();
    }

    @Test
    void ofWhatIsNoBooleanAnyMoreTheWordsAreCompared() {
        Parameter parameter = ParameterCatalog.of(18).find("log_connections").orElseThrow();
        assertThat(parameter.means("receipt", "receipt")).isTrue();
        assertThat(parameter.means("receipt", "on")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 12, 14, 16, 18, 99})
    void versionsWithoutAListAreJudgedByTheirNeighbours(int major) {
        ParameterCatalog catalog = ParameterCatalog.of(major);
        assertThat(catalog.problem("io_method", "worker")).isEmpty();
        assertThat(catalog.problem("work_mem", "64mb")).isPresent();
        assertThat(catalog.find("WORK_MEM")).isPresent();
    }

    @Test
    void betweenTwoListsBothCount() {
        assertThat(ParameterCatalog.of(16).find("promote_trigger_file")).isPresent();
        assertThat(ParameterCatalog.of(16).find("summarize_wal")).isPresent();
        assertThat(ParameterCatalog.of(17).find("promote_trigger_file")).isEmpty();
        assertThat(ParameterCatalog.ofAny().problem("promote_trigger_file", "/x"))
                .isEmpty();
        assertThat(ParameterCatalog.ofAny().problem("work_men", "1GB")).isPresent();
    }

    @Test
    void knowsWhoCanChangeWhat() {
        assertThat(NEW.find("max_connections").orElseThrow().context()).isEqualTo(ParameterContext.POSTMASTER);
        assertThat(NEW.find("work_mem").orElseThrow().context()).isEqualTo(ParameterContext.USER);
        assertThat(NEW.find("shared_buffers").orElseThrow().unit()).contains("8kB");
        assertThat(NEW.find("server_version").orElseThrow().context()).isEqualTo(ParameterContext.INTERNAL);
        assertThat(NEW.find("work_mem")).hasToString("Optional[work_mem: from 64kB to 2147483647kB]");
    }

    @Property
    void anyTextIsJudged(@ForAll String name, @ForAll String value) {
        assertThatCode(() -> NEW.problem(name, value)).doesNotThrowAnyException();
        for (String known : new String[] {
            "work_mem",
            "random_page_cost",
            "autovacuum",
            "wal_level",
            "search_path",
            "TimeZone",
            "synchronous_standby_names",
            "shared_preload_libraries"
        }) {
            assertThatCode(() -> NEW.problem(known, value)).doesNotThrowAnyException();
            assertThatCode(() -> NEW.find(known).orElseThrow().means(value, name))
                    .doesNotThrowAnyException();
            assertThatCode(() -> ParameterCatalog.lenient().problem(known, value))
                    .doesNotThrowAnyException();
            assertThatCode(() -> NEW.alike(known, value, name)).doesNotThrowAnyException();
        }
    }

    @Property
    void everyUnitCountsTheSame(@ForAll @IntRange(min = 1, max = 2000) int gigabytes) {
        Parameter parameter = NEW.find("work_mem").orElseThrow();
        assertThat(parameter.means(gigabytes + "GB", Long.toString(gigabytes * 1024L * 1024)))
                .isTrue();
        assertThat(parameter.means(gigabytes + "GB", gigabytes * 1024L + "MB")).isTrue();
        assertThat(parameter.means(gigabytes + "GB", gigabytes + "MB")).isFalse();
    }
}
