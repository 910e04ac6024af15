package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.Problem;
import io.pgha.model.etcd.EtcdConfig;
import io.pgha.model.maintenance.ClosedTime;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.model.os.OsConfig;
import io.pgha.model.patroni.PatroniConfig;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.model.proxy.HaproxyConfig;
import io.pgha.model.proxy.KeepalivedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCodecTest {
    private static final String NODE = """
            name: c
            topology:
              nodes:
                - {name: pg, address: 10.0.0.1, roles: [etcd, postgres]}
            """;

    private final ConfigCodec codec = ConfigCodec.yaml();

    @Test
    void writesWhatDiffersFromTheDefaults() {
        ClusterConfig config = Configs.lab()
                .topology(t -> t.node("pg-1", "10.0.0.1", ETCD, POSTGRES)
                        .node(n -> n.name("lb-1")
                                .address("10.0.0.2")
                                .role(HAPROXY)
                                .sshAddress("bastion")
                                .sshPort(2222))
                        .vip("10.0.0.9/24")
                        .vip(v -> v.cidr("10.0.0.10/24").virtualRouterId(51))
                        .vip(v -> v.cidr("10.1.0.11/32").networkInterface("eth1")))
                .etcd(etcd -> etcd.heartbeatInterval(Duration.ofMillis(100)).electionTimeout(Duration.ofSeconds(1)))
                .postgres(pg -> pg.version(17)
                        .parameter("max_connections", 300)
                        .parameter("jit", false)
                        .parameter("search_path", "on")
                        .pgHba("hostssl all all 10.0.0.0/8 scram-sha-256"))
                .patroni(patroni -> patroni.synchronousMode(SynchronousMode.ON))
                .pki(pki -> pki.keyAlgorithm(KeyAlgorithm.RSA_4096))
                .os(os -> os.sysctl("vm.swappiness", "1").packages("jq", "tmux"))
                .build();
        assertThat(codec.write(config)).isEqualTo("""
                        name: postgresql-cluster
                        topology:
                          nodes:
                            - name: pg-1
                              address: 10.0.0.1
                              roles: [etcd, postgres]
                            - name: lb-1
                              address: 10.0.0.2
                              roles: [haproxy]
                              ssh_address: bastion
                              ssh_port: 2222
                          vips:
                            - 10.0.0.9/24
                            - address: 10.0.0.10
                              prefix_length: 24
                              virtual_router_id: 51
                            - address: 10.1.0.11
                              prefix_length: 32
                              network_interface: eth1
                        etcd:
                          heartbeat_interval: 100ms
                          election_timeout: 1s
                        postgres:
                          version: 17
                          parameters:
                            max_connections: 300
                            jit: false
                            search_path: 'on'
                          pg_hba:
                            - hostssl all all 10.0.0.0/8 scram-sha-256
                        patroni:
                          synchronous_mode: 'on'
                        pki:
                          key_algorithm: rsa_4096
                        os:
                          sysctls:
                            vm.swappiness: '1'
                          packages: [jq, tmux]
                        """);
        assertThat(codec.read(codec.write(config))).isEqualTo(config);
    }

    @Test
    void writesAConfigurationWhoseDefaultsWouldClash() {
        ClusterConfig config = Configs.lab()
                .topology(t -> t.node(n ->
                        n.name("pg").address("10.0.0.1").roles(ETCD, POSTGRES).sshPort(5432)))
                .postgres(pg -> pg.port(5433))
                .build();
        assertThat(codec.read(codec.write(config))).isEqualTo(config);
    }

    @Test
    void readsNodesAsAMapping() {
        ClusterConfig config = codec.read("""
                name: c
                topology:
                  nodes:
                    pg-1: {address: 10.0.0.1, roles: [ETCD, postgres], tags: {noloadbalance: yes, zone: "1"}}
                    no: {address: 10.0.0.2, roles: [haproxy]}
                  vips: [10.0.0.9/24]
                """);
        assertThat(config.topology().nodes()).extracting(Node::name).containsExactly("pg-1", "no");
        assertThat(config.node("pg-1").tags()).isEqualTo(Map.of("noloadbalance", true, "zone", "1"));
        assertThat(config.topology().vips()).containsExactly(Vip.of("10.0.0.9/24"));
    }

    @ParameterizedTest
    @CsvSource({
        "no, false, java.lang.Boolean",
        "on, true, java.lang.Boolean",
        "'\"on\"', on, java.lang.String",
        "300, 300, java.lang.Integer",
        "3000000000, 3000000000, java.lang.Long",
        "0.9, 0.9, java.lang.Double",
        "1e3, 1000.0, java.lang.Double",
        "'\"1e3\"', 1e3, java.lang.String",
        "0600, 0600, java.lang.String",
        "12:30, 12:30, java.lang.String",
        "2024-01-01, 2024-01-01, java.lang.String",
        "1_000, 1_000, java.lang.String",
        "128MB, 128MB, java.lang.String",
        "!!str 5, 5, java.lang.String",
    })
    void readsParametersAsTheyAreMeant(String yaml, String text, Class<?> type) {
        Object value = codec.read(NODE + "postgres: {parameters: {x.y: " + yaml + "}}")
                .postgres()
                .parameters()
                .get("x.y");
        assertThat(value).isInstanceOf(type).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[pg_stat_statements, pg_stat_monitor]|pg_stat_statements, pg_stat_monitor",
                "[auto_explain]|auto_explain",
                "[]|''",
                "[my lib, 'a\"b', '\"c d\"', X]|\"my lib\", \"a\"\"b\", \"c d\", \"X\""
            })
    void readsListsOfLibraries(String yaml, String text) {
        assertThat(codec.read(NODE + "postgres: {parameters: {shared_preload_libraries: " + yaml + "}}")
                        .postgres()
                        .parameters())
                .containsEntry("shared_preload_libraries", text);
    }

    @Test
    void readsListsOnlyWhereAParameterIsOne() {
        for (String name : List.of("archive_command", "work_mem", "Cluster_Name")) {
            assertThat(catchThrowableOfType(
                                    InvalidConfigException.class,
                                    () -> codec.read(NODE + "postgres: {parameters: {" + name + ": [a, b]}}"))
                            .problems())
                    .extracting(Problem::code)
                    .containsExactly("config.value-type");
        }
        assertThat(codec.read(NODE + "postgres: {parameters: {plpgsql.extra_errors: [a, b], DateStyle: [iso, dmy]}}")
                        .postgres()
                        .parameters())
                .containsEntry("plpgsql.extra_errors", "a, b")
                .containsEntry("DateStyle", "iso, dmy");
    }

    @ParameterizedTest
    @CsvSource({
        "8589934592, 8589934592, 8GB",
        "8GB, 8589934592, 8GB",
        "16 MB, 16777216, 16MB",
        "17408kB, 17825792, 17MB",
        "16777217, 16777217, 16777217",
        "1TB, 1099511627776, 1TB",
        "4.5GB, 4831838208, 4608MB",
        "0.5TB, 549755813888, 512GB",
        "1000000000000000001, 1000000000000000001, 1000000000000000001"
    })
    void readsAndWritesSizesAsPostgresDoes(String yaml, long bytes, String written) {
        ClusterConfig config = codec.read(NODE + "etcd: {quota_backend_bytes: " + yaml + "}\n"
                + "patroni: {maximum_lag_on_failover: " + yaml + "}\n");
        assertThat(config.etcd().quotaBackendBytes()).isEqualTo(bytes);
        assertThat(config.patroni().maximumLagOnFailover()).isEqualTo(bytes);
        assertThat(codec.write(config))
                .contains("quota_backend_bytes: " + written, "maximum_lag_on_failover: " + written);
        assertThat(codec.read(codec.write(config))).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4gb", "4G", "1.0000000001GB", "10000000TB", "GB", "0x10"})
    void refusesOtherSpellingsOfSizes(String yaml) {
        assertThatThrownBy(() -> codec.read(NODE + "etcd: {quota_backend_bytes: " + yaml + "}"))
                .hasMessageContaining("4GB");
    }

    @ParameterizedTest
    @CsvSource({"true,ON", "on,ON", "yes,ON", "ON,ON", "false,OFF", "quorum,QUORUM"})
    void readsSwitchesInEverySpelling(String text, SynchronousMode mode) {
        assertThat(codec.read(NODE + "patroni: {synchronous_mode: " + text + "}")
                        .patroni()
                        .synchronousMode())
                .isEqualTo(mode);
    }

    @Test
    void textsAreTextsWhateverYamlThinks() {
        ClusterConfig config = codec.read(NODE.replace("name: c", "name: 1e3")
                + "os: {sysctls: {vm.swappiness: 1, vm.x: no}}\npostgres: {version: \"17\", locale: C}");
        assertThat(config.name()).isEqualTo("1e3");
        assertThat(config.os().sysctls()).isEqualTo(Map.of("vm.swappiness", "1", "vm.x", "no"));
        assertThat(config.postgres().version()).hasValue(17);
    }

    @Test
    void reportsAllUnreadableKeysAtOnceByPathAndLine() {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> codec.read("""
                        nme: c
                        topology:
                          nodes:
                            - name: pg
                              adress: 10.0.0.1
                              roles: [etcd, postgres, web]
                            - 5
                          vips: [10.0.0.9]
                        etcd:
                          clientPort: many
                          heartbeat_interval: 250
                        postgres:
                          parameters: [a]
                          pg_hba: {}
                          port: 5432
                          port: 5433
                          xyzzy: 1
                        patroni:
                        """));
        assertThat(e.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "The configuration: the key \"name\" is missing (line 1)",
                        "topology.nodes[0]: the key \"address\" is missing (line 4)",
                        "topology.nodes[0].roles[2]: expected one of etcd, postgres, haproxy, found \"web\" (line 6)",
                        "topology.nodes[0].adress: unknown key; did you mean \"address\"? (line 5)",
                        "topology.nodes[1]: expected a mapping with name, address, roles, ssh_address, ssh_port, tags, found"
                                + " \"5\" (line 7)",
                        "topology.vips[0]: expected address/prefix, for example 192.168.60.110/24, found \"10.0.0.9\" (line 8)",
                        "etcd.heartbeat_interval: expected a duration such as 250ms, 10s, 30min, 1h or 365d, found \"250\""
                                + " (line 11)",
                        "etcd.clientPort: unknown key; did you mean \"client_port\"? (line 10)",
                        "postgres.port: is given twice, in line 15 and here (line 16)",
                        "postgres.parameters: expected a mapping of names to values, found a list (line 13)",
                        "postgres.pg_hba: expected a list, found a mapping (line 14)",
                        "postgres.xyzzy: unknown key (line 17)",
                        "patroni: expected a mapping with namespace, rest_port, rest_username, ttl, loop_wait, retry_timeout,"
                                + " maximum_lag_on_failover, synchronous_mode, failsafe_mode, found nothing (line 18)",
                        "nme: unknown key; did you mean \"name\"? (line 1)");
        assertThat(e.problems())
                .allSatisfy(problem -> assertThat(problem.remedy()).endsWith("."));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("", "yaml-empty"),
                Arguments.of("# nothing\n", "yaml-empty"),
                Arguments.of("a: [", "yaml-syntax"),
                Arguments.of("a: b: c", "yaml-syntax"),
                Arguments.of("\u0007", "yaml-syntax"),
                Arguments.of(NODE + "---\nname: d\n", "yaml-syntax"),
                Arguments.of("[".repeat(100) + "]".repeat(100), "yaml-syntax"),
                Arguments.of(NODE + "x: \"" + "y".repeat(1_000_000) + "\"", "yaml-syntax"),
                Arguments.of("- a", "value-type"),
                Arguments.of("text", "value-type"),
                Arguments.of(NODE + "postgres: {port: 99999999999999999999}", "value-type"),
                Arguments.of(NODE + "postgres: {port: 3000000000}", "value-type"),
                Arguments.of(NODE + "postgres: {parameters: {x: }}", "value-type"),
                Arguments.of(NODE + "postgres: {parameters: {x: [{a: 1}]}}", "value-type"),
                Arguments.of(NODE + "postgres: {parameters: {x: !!int y}}", "value-type"),
                Arguments.of(NODE + "postgres: {parameters: {x: !vault abc}}", "yaml-tag"),
                Arguments.of(NODE + "os: !!java.net.URL [\"http://127.0.0.1\"]", "yaml-syntax"),
                Arguments.of(NODE + "postgres: {parameters: {x: 1, x: 2}}", "key-duplicate"),
                Arguments.of(NODE + "<<: {os: {}}", "yaml-merge-key"),
                Arguments.of(NODE + "os: &os {time_sync: *os}", "value-type"),
                Arguments.of("topology: {nodes: []}", "key-missing"),
                Arguments.of(NODE.replace("name: pg,", "name: pg_1,"), "node-name"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatIsNotAConfiguration(String yaml, String code) {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> codec.read(yaml));
        assertThat(e.problems()).extracting(Problem::code).containsExactly("config." + code);
    }

    @Test
    void aMergeKeyIsTheOnlyThingThatIsSaid() {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> codec.read("""
                name: c
                topology:
                  nodes:
                    - &pg {name: pg-1, address: 10.0.0.1, roles: [etcd, postgres]}
                    - {<<: *pg, name: pg-2, address: 10.0.0.2}
                """));
        assertThat(e.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("config.yaml-merge-key");
            assertThat(problem.message()).contains("Merge keys (<<) are not supported (line 5)");
        });
    }

    @Test
    void anAliasStandsForAWholeValue() {
        ClusterConfig config = codec.read("""
                name: c
                topology:
                  nodes:
                    - {name: pg-1, address: 10.0.0.1, roles: &both [etcd, postgres]}
                    - {name: pg-2, address: 10.0.0.2, roles: *both}
                    - {name: pg-3, address: 10.0.0.3, roles: *both}
                """);
        assertThat(config.postgresNodes()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name: c\n---\nname: d\n",
                "name: c\ntopology:\n\tnodes: []\n",
                "name: c\nname: d\n",
                "name: !!binary YQ==\n"
            })
    void otherThingsOfYamlAreRefusedWithTheirLine(String text) {
        assertThatThrownBy(() -> codec.read(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("line ");
    }

    @Test
    void showsNoneOfTheTextOfABrokenDocument() {
        assertThatThrownBy(() -> codec.read("password: hunter2\n  x: [}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("in line 2");
    }

    /** What stands in files that people keep: whoever renames an attribute renames its key. */
    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(Node.class, "name, address, roles, ssh_address, ssh_port, tags"),
                Arguments.of(Vip.class, "address, prefix_length, virtual_router_id, network_interface"),
                Arguments.of(Topology.class, "nodes, vips"),
                Arguments.of(
                        EtcdConfig.class,
                        "client_port, peer_port, heartbeat_interval, election_timeout, quota_backend_bytes, "
                                + "auto_compaction_retention, authentication"),
                Arguments.of(
                        PostgresConfig.class,
                        "version, port, data_directory, parameters, pg_hba, client_networks, locale, "
                                + "encoding, superuser_name, replication_user, rewind_user"),
                Arguments.of(
                        PatroniConfig.class,
                        "namespace, rest_port, rest_username, ttl, loop_wait, retry_timeout, "
                                + "maximum_lag_on_failover, synchronous_mode, failsafe_mode"),
                Arguments.of(
                        HaproxyConfig.class,
                        "read_write_port, read_only_port, sync_port, async_port, stats_port, stats_user, "
                                + "max_connections, check_interval, fast_check_interval, fall, rise, connect_timeout, "
                                + "check_timeout, idle_timeout"),
                Arguments.of(KeepalivedConfig.class, "advert_interval, check_interval, fall, rise"),
                Arguments.of(PkiConfig.class, "key_algorithm, authority_validity, leaf_validity, renew_before"),
                Arguments.of(OsConfig.class, "time_sync, sysctls, packages"),
                Arguments.of(ClosedTime.class, "from, to, days"),
                Arguments.of(MaintenanceConfig.class, "zone, closed, holidays"),
                Arguments.of(
                        ClusterConfig.class,
                        "name, topology, etcd, postgres, patroni, haproxy, keepalived, pki, os, maintenance"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void hasAKeyForEveryAttributeInTheirOrder(Class<?> value, String keys) {
        assertThat(String.join(", ", ConfigShapes.of(value).keys())).isEqualTo(keys);
    }

    @Test
    void writesAndReadsFiles(@TempDir Path directory) throws IOException {
        ClusterConfig config = Configs.lab().build();
        Path file = directory.resolve("cluster.yaml");
        Files.writeString(file, "old");
        codec.write(config, file);
        assertThat(codec.read(file)).isEqualTo(config);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void namesTheFileInWhatIsWrong(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("cluster.yaml"), "x: 1");
        assertThatThrownBy(() -> codec.read(file)).hasMessageContaining("(line 1 of " + file + ")");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> codec.read(file))
                .isInstanceOfSatisfying(
                        ConfigFileException.class, e -> assertThat(e.code()).isEqualTo("config.file-unreadable"))
                .hasMessageContaining(file + " failed: it is not text in UTF-8");
        Path none = directory.resolve("none.yaml");
        assertThatThrownBy(() -> codec.read(none)).hasMessageContaining(none + " failed: there is no such file");
    }

    @Test
    void aKeyIsFoundInItsOwnLineThoughItsValueBeginsInTheNext() {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> codec.read("""
                        all:
                          hosts: 1
                        topology:
                          nodez:
                            - name: pg
                        """));
        assertThat(e.problems())
                .extracting(Problem::message)
                .anyMatch(message -> message.startsWith("all: unknown key") && message.endsWith("(line 1)"))
                .anyMatch(message -> message.startsWith("topology.nodez: unknown key") && message.endsWith("(line 4)"));
    }

    @Test
    void twoDocumentsAreToldAsSuch() {
        assertThatThrownBy(() -> codec.read(NODE + "\n---\n" + NODE))
                .hasMessageContaining("another document")
                .hasMessageContaining("Keep one document in it: take out the line with ---");
    }

    @Test
    void saysWhichFileCannotBeWritten(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("missing").resolve("cluster.yaml");
        assertThatThrownBy(() -> codec.write(Configs.lab().build(), file))
                .isInstanceOfSatisfying(
                        ConfigFileException.class, e -> assertThat(e.code()).isEqualTo("config.file-unwritable"))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("To fix: ");
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Files.writeString(folder.resolve("x"), "x");
        assertThatThrownBy(() -> codec.write(Configs.lab().build(), folder)).isInstanceOf(ConfigFileException.class);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(folder);
        }
    }
}
