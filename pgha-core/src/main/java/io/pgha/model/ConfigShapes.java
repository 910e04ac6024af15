package io.pgha.model;

import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.etcd.EtcdConfig;
import io.pgha.model.maintenance.ClosedTime;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.model.os.OsConfig;
import io.pgha.model.os.TimeSync;
import io.pgha.model.patroni.FailsafeMode;
import io.pgha.model.patroni.PatroniConfig;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.model.pki.PkiConfig;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.model.proxy.HaproxyConfig;
import io.pgha.model.proxy.KeepalivedConfig;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Has the keys of every part of a configuration: the attributes' names in snake_case. */
final class ConfigShapes {
    static final YamlShape<Node, Node.Builder> NODE = new YamlShape<>(
                    Node::builder,
                    Node.Builder::build,
                    node -> Node.builder()
                            .name(node.name())
                            .address(node.address())
                            .build())
            .required("name", YamlTypes.TEXT, Node::name, Node.Builder::name)
            .required("address", YamlTypes.TEXT, Node::address, Node.Builder::address)
            .required(
                    "roles",
                    YamlTypes.list(YamlTypes.word(NodeRole.class)),
                    node -> List.copyOf(node.roles()),
                    (node, roles) -> node.roles(roles))
            .key("ssh_address", YamlTypes.TEXT, Node::sshAddress, Node.Builder::sshAddress)
            .key("ssh_port", YamlTypes.INTEGER, Node::sshPort, Node.Builder::sshPort)
            .key("tags", YamlTypes.SCALARS, Node::tags, Node.Builder::tags);

    static final YamlShape<Vip, Vip.Builder> VIP = new YamlShape<>(
                    Vip::builder,
                    Vip.Builder::build,
                    vip -> Vip.builder()
                            .address(vip.address())
                            .prefixLength(vip.prefixLength())
                            .build())
            .required("address", YamlTypes.TEXT, Vip::address, Vip.Builder::address)
            .required("prefix_length", YamlTypes.INTEGER, Vip::prefixLength, Vip.Builder::prefixLength)
            .key("virtual_router_id", YamlTypes.INTEGER, Vip::virtualRouterId, Vip.Builder::virtualRouterId)
            .optional(
                    "network_interface",
                    YamlTypes.TEXT,
                    Vip::networkInterface,
                    (vip, name) -> vip.networkInterface(name));

    static final YamlShape<Topology, Topology.Builder> TOPOLOGY = new YamlShape<>(
                    Topology::builder,
                    Topology.Builder::build,
                    topology -> Topology.builder().build())
            .required("nodes", new NodesType(), Topology::nodes, (topology, nodes) -> topology.nodes(nodes))
            .key("vips", YamlTypes.list(new VipType()), Topology::vips, (topology, vips) -> topology.vips(vips));

    static final YamlShape<EtcdConfig, EtcdConfig.Builder> ETCD = new YamlShape<>(
                    EtcdConfig::builder,
                    EtcdConfig.Builder::build,
                    etcd -> EtcdConfig.builder().build())
            .key("client_port", YamlTypes.INTEGER, EtcdConfig::clientPort, EtcdConfig.Builder::clientPort)
            .key("peer_port", YamlTypes.INTEGER, EtcdConfig::peerPort, EtcdConfig.Builder::peerPort)
            .key(
                    "heartbeat_interval",
                    YamlTypes.DURATION,
                    EtcdConfig::heartbeatInterval,
                    EtcdConfig.Builder::heartbeatInterval)
            .key(
                    "election_timeout",
                    YamlTypes.DURATION,
                    EtcdConfig::electionTimeout,
                    EtcdConfig.Builder::electionTimeout)
            .key(
                    "quota_backend_bytes",
                    YamlTypes.SIZE,
                    EtcdConfig::quotaBackendBytes,
                    EtcdConfig.Builder::quotaBackendBytes)
            .key(
                    "auto_compaction_retention",
                    YamlTypes.DURATION,
                    EtcdConfig::autoCompactionRetention,
                    EtcdConfig.Builder::autoCompactionRetention)
            .key(
                    "authentication",
                    YamlTypes.word(EtcdAuthentication.class),
                    EtcdConfig::authentication,
                    EtcdConfig.Builder::authentication);

    static final YamlShape<PostgresConfig, PostgresConfig.Builder> POSTGRES = new YamlShape<>(
                    PostgresConfig::builder,
                    PostgresConfig.Builder::build,
                    postgres -> PostgresConfig.builder().build())
            .optional(
                    "version",
                    YamlTypes.INTEGER,
                    postgres -> postgres.version().stream().boxed().findFirst(),
                    (postgres, version) -> postgres.version(version))
            .key("port", YamlTypes.INTEGER, PostgresConfig::port, PostgresConfig.Builder::port)
            .optional(
                    "data_directory",
                    YamlTypes.TEXT,
                    PostgresConfig::dataDirectory,
                    (postgres, directory) -> postgres.dataDirectory(directory))
            .key("parameters", YamlTypes.PARAMETERS, PostgresConfig::parameters, PostgresConfig.Builder::parameters)
            .key(
                    "pg_hba",
                    YamlTypes.list(YamlTypes.TEXT),
                    PostgresConfig::pgHba,
                    (postgres, lines) -> postgres.pgHba(lines))
            .key(
                    "client_networks",
                    YamlTypes.list(YamlTypes.TEXT),
                    PostgresConfig::clientNetworks,
                    (postgres, networks) -> postgres.clientNetworks(networks))
            .key("locale", YamlTypes.TEXT, PostgresConfig::locale, PostgresConfig.Builder::locale)
            .key("encoding", YamlTypes.TEXT, PostgresConfig::encoding, PostgresConfig.Builder::encoding)
            .key("superuser_name", YamlTypes.TEXT, PostgresConfig::superuserName, PostgresConfig.Builder::superuserName)
            .key(
                    "replication_user",
                    YamlTypes.TEXT,
                    PostgresConfig::replicationUser,
                    PostgresConfig.Builder::replicationUser)
            .key("rewind_user", YamlTypes.TEXT, PostgresConfig::rewindUser, PostgresConfig.Builder::rewindUser);

    static final YamlShape<PatroniConfig, PatroniConfig.Builder> PATRONI = new YamlShape<>(
                    PatroniConfig::builder,
                    PatroniConfig.Builder::build,
                    patroni -> PatroniConfig.builder().build())
            .key("namespace", YamlTypes.TEXT, PatroniConfig::namespace, PatroniConfig.Builder::namespace)
            .key("rest_port", YamlTypes.INTEGER, PatroniConfig::restPort, PatroniConfig.Builder::restPort)
            .key("rest_username", YamlTypes.TEXT, PatroniConfig::restUsername, PatroniConfig.Builder::restUsername)
            .key("ttl", YamlTypes.DURATION, PatroniConfig::ttl, PatroniConfig.Builder::ttl)
            .key("loop_wait", YamlTypes.DURATION, PatroniConfig::loopWait, PatroniConfig.Builder::loopWait)
            .key("retry_timeout", YamlTypes.DURATION, PatroniConfig::retryTimeout, PatroniConfig.Builder::retryTimeout)
            .key(
                    "maximum_lag_on_failover",
                    YamlTypes.SIZE,
                    PatroniConfig::maximumLagOnFailover,
                    PatroniConfig.Builder::maximumLagOnFailover)
            .key(
                    "synchronous_mode",
                    YamlTypes.word(SynchronousMode.class),
                    PatroniConfig::synchronousMode,
                    PatroniConfig.Builder::synchronousMode)
            .key(
                    "failsafe_mode",
                    YamlTypes.word(FailsafeMode.class),
                    PatroniConfig::failsafeMode,
                    PatroniConfig.Builder::failsafeMode);

    static final YamlShape<HaproxyConfig, HaproxyConfig.Builder> HAPROXY = new YamlShape<>(
                    HaproxyConfig::builder,
                    HaproxyConfig.Builder::build,
                    haproxy -> HaproxyConfig.builder().build())
            .key(
                    "read_write_port",
                    YamlTypes.INTEGER,
                    HaproxyConfig::readWritePort,
                    HaproxyConfig.Builder::readWritePort)
            .key("read_only_port", YamlTypes.INTEGER, HaproxyConfig::readOnlyPort, HaproxyConfig.Builder::readOnlyPort)
            .key("sync_port", YamlTypes.INTEGER, HaproxyConfig::syncPort, HaproxyConfig.Builder::syncPort)
            .key("async_port", YamlTypes.INTEGER, HaproxyConfig::asyncPort, HaproxyConfig.Builder::asyncPort)
            .key("stats_port", YamlTypes.INTEGER, HaproxyConfig::statsPort, HaproxyConfig.Builder::statsPort)
            .key("stats_user", YamlTypes.TEXT, HaproxyConfig::statsUser, HaproxyConfig.Builder::statsUser)
            .key(
                    "max_connections",
                    YamlTypes.INTEGER,
                    HaproxyConfig::maxConnections,
                    HaproxyConfig.Builder::maxConnections)
            .key(
                    "check_interval",
                    YamlTypes.DURATION,
                    HaproxyConfig::checkInterval,
                    HaproxyConfig.Builder::checkInterval)
            .key(
                    "fast_check_interval",
                    YamlTypes.DURATION,
                    HaproxyConfig::fastCheckInterval,
                    HaproxyConfig.Builder::fastCheckInterval)
            .key("fall", YamlTypes.INTEGER, HaproxyConfig::fall, HaproxyConfig.Builder::fall)
            .key("rise", YamlTypes.INTEGER, HaproxyConfig::rise, HaproxyConfig.Builder::rise)
            .key(
                    "connect_timeout",
                    YamlTypes.DURATION,
                    HaproxyConfig::connectTimeout,
                    HaproxyConfig.Builder::connectTimeout)
            .key("check_timeout", YamlTypes.DURATION, HaproxyConfig::checkTimeout, HaproxyConfig.Builder::checkTimeout)
            .key("idle_timeout", YamlTypes.DURATION, HaproxyConfig::idleTimeout, HaproxyConfig.Builder::idleTimeout);

    static final YamlShape<KeepalivedConfig, KeepalivedConfig.Builder> KEEPALIVED = new YamlShape<>(
                    KeepalivedConfig::builder,
                    KeepalivedConfig.Builder::build,
                    keepalived -> KeepalivedConfig.builder().build())
            .key(
                    "advert_interval",
                    YamlTypes.DURATION,
                    KeepalivedConfig::advertInterval,
                    KeepalivedConfig.Builder::advertInterval)
            .key(
                    "check_interval",
                    YamlTypes.DURATION,
                    KeepalivedConfig::checkInterval,
                    KeepalivedConfig.Builder::checkInterval)
            .key("fall", YamlTypes.INTEGER, KeepalivedConfig::fall, KeepalivedConfig.Builder::fall)
            .key("rise", YamlTypes.INTEGER, KeepalivedConfig::rise, KeepalivedConfig.Builder::rise);

    static final YamlShape<PkiConfig, PkiConfig.Builder> PKI = new YamlShape<>(
                    PkiConfig::builder,
                    PkiConfig.Builder::build,
                    pki -> PkiConfig.builder().build())
            .key(
                    "key_algorithm",
                    YamlTypes.word(KeyAlgorithm.class),
                    PkiConfig::keyAlgorithm,
                    PkiConfig.Builder::keyAlgorithm)
            .key(
                    "authority_validity",
                    YamlTypes.DURATION,
                    PkiConfig::authorityValidity,
                    PkiConfig.Builder::authorityValidity)
            .key("leaf_validity", YamlTypes.DURATION, PkiConfig::leafValidity, PkiConfig.Builder::leafValidity)
            .key("renew_before", YamlTypes.DURATION, PkiConfig::renewBefore, PkiConfig.Builder::renewBefore);

    static final YamlShape<OsConfig, OsConfig.Builder> OS = new YamlShape<>(
                    OsConfig::builder,
                    OsConfig.Builder::build,
                    os -> OsConfig.builder().build())
            .key("time_sync", YamlTypes.word(TimeSync.class), OsConfig::timeSync, OsConfig.Builder::timeSync)
            .key("sysctls", YamlTypes.TEXTS, OsConfig::sysctls, OsConfig.Builder::sysctls)
            .key(
                    "packages",
                    YamlTypes.list(YamlTypes.TEXT),
                    OsConfig::packages,
                    (os, packages) -> os.packages(packages));

    static final YamlShape<ClosedTime, ClosedTime.Builder> CLOSED_TIME = new YamlShape<>(
                    ClosedTime::builder,
                    ClosedTime.Builder::build,
                    time -> ClosedTime.builder().from(time.from()).to(time.to()).build())
            .required("from", YamlTypes.TIME, ClosedTime::from, (time, from) -> time.from(from))
            .required("to", YamlTypes.TIME, ClosedTime::to, ClosedTime.Builder::to)
            .key(
                    "days",
                    YamlTypes.list(YamlTypes.word(DayOfWeek.class)),
                    time -> time.days().stream().sorted().toList(),
                    (time, days) -> time.days(days));

    static final YamlShape<MaintenanceConfig, MaintenanceConfig.Builder> MAINTENANCE = new YamlShape<>(
                    MaintenanceConfig::builder,
                    MaintenanceConfig.Builder::build,
                    maintenance -> MaintenanceConfig.builder().build())
            .optional("zone", YamlTypes.ZONE, MaintenanceConfig::zone, (maintenance, zone) -> maintenance.zone(zone))
            .key(
                    "closed",
                    YamlTypes.list(CLOSED_TIME),
                    MaintenanceConfig::closed,
                    (maintenance, closed) -> maintenance.closed(closed))
            .key(
                    "holidays",
                    YamlTypes.list(YamlTypes.DATE),
                    maintenance -> List.copyOf(maintenance.holidays()),
                    (maintenance, holidays) -> maintenance.holidays(holidays));

    static final YamlShape<ClusterConfig, ClusterConfig.Builder> CLUSTER = new YamlShape<
                    ClusterConfig, ClusterConfig.Builder>(
                    ClusterConfig::builder, ClusterConfig.Builder::build, UnaryOperator.identity())
            .required("name", YamlTypes.TEXT, ClusterConfig::name, ClusterConfig.Builder::name)
            .required("topology", TOPOLOGY, ClusterConfig::topology, (config, part) -> config.topology(part))
            .part("etcd", ETCD, ClusterConfig::etcd, (config, part) -> config.etcd(part))
            .part("postgres", POSTGRES, ClusterConfig::postgres, (config, part) -> config.postgres(part))
            .part("patroni", PATRONI, ClusterConfig::patroni, (config, part) -> config.patroni(part))
            .part("haproxy", HAPROXY, ClusterConfig::haproxy, (config, part) -> config.haproxy(part))
            .part("keepalived", KEEPALIVED, ClusterConfig::keepalived, (config, part) -> config.keepalived(part))
            .part("pki", PKI, ClusterConfig::pki, (config, part) -> config.pki(part))
            .part("os", OS, ClusterConfig::os, (config, part) -> config.os(part))
            .part("maintenance", MAINTENANCE, ClusterConfig::maintenance, (config, part) -> config.maintenance(part));

    private ConfigShapes() {}

    /** Reads nodes as a list, or as a mapping from name to the rest; writes a list. */
    private static final class NodesType implements YamlType<List<Node>> {
        private final YamlType<List<Node>> list = YamlTypes.list(NODE);

        @Override
        public Optional<List<Node>> read(YamlValue value) {
            if (!value.isMapping()) {
                return list.read(value);
            }
            return value.entries("nodes").map(entries -> {
                List<Node> nodes = new ArrayList<>();
                entries.forEach(
                        (name, entry) -> NODE.read(entry.with("name", name)).ifPresent(nodes::add));
                return nodes;
            });
        }

        @Override
        public Object write(List<Node> nodes) {
            return list.write(nodes);
        }

        @Override
        public Object whole(List<Node> nodes) {
            return list.whole(nodes);
        }
    }

    /** Reads a virtual IP as {@code address/prefix} or as a mapping; writes the shorter. */
    private static final class VipType implements YamlType<Vip> {
        private static final Set<String> TEXT_SAYS = Set.of("address", "prefix_length");

        private final YamlType<Vip> text =
                YamlTypes.scalar("address/prefix, for example 192.168.60.110/24", this::parse, Vip::cidr);

        @Override
        public Optional<Vip> read(YamlValue value) {
            return value.isScalar() ? text.read(value) : VIP.read(value);
        }

        @Override
        public Object write(Vip vip) {
            Map<String, Object> written = VIP.write(vip);
            return written.keySet().equals(TEXT_SAYS) ? text.write(vip) : written;
        }

        @Override
        public Object whole(Vip vip) {
            return VIP.whole(vip);
        }

        private Optional<Vip> parse(String cidr) {
            try {
                return Optional.of(Vip.of(cidr));
            } catch (InvalidConfigException e) {
                // The caller reports it with path and line, and says the same.
                return Optional.empty();
            }
        }
    }
}
