package io.pgha.model;

import io.pgha.Given;
import io.pgha.model.etcd.EtcdConfig;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.model.os.OsConfig;
import io.pgha.model.patroni.PatroniConfig;
import io.pgha.model.pki.PkiConfig;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.model.proxy.HaproxyConfig;
import io.pgha.model.proxy.KeepalivedConfig;
import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Describes a whole cluster; everything that pgha does follows from it.
 *
 * <p>Only name and topology must be given; every other attribute names its default and where that comes from:
 *
 * <pre>{@code
 * ClusterConfig config = ClusterConfig.builder()
 *     .name("postgresql-cluster")
 *     .topology(t -> t
 *         .node("postgres-01", "192.168.60.103", ETCD, POSTGRES)
 *         .node("postgres-02", "192.168.60.104", ETCD, POSTGRES)
 *         .node("postgres-03", "192.168.60.105", ETCD, POSTGRES)
 *         .node("haproxy-01", "192.168.60.100", HAPROXY)
 *         .node("haproxy-02", "192.168.60.101", HAPROXY)
 *         .vip("192.168.60.110/24"))
 *     .postgres(pg -> pg.version(17).parameter("max_connections", 300))
 *     .patroni(p -> p.synchronousMode(SynchronousMode.ON))
 *     .build();
 * }</pre>
 *
 * <p>{@code build()} checks the whole configuration and throws one {@link InvalidConfigException} with all problems,
 * each with its remedy; the parts ({@link Topology}, {@link PostgresConfig} and so on) hold whatever they were given
 * until then. A changed copy is checked like a new one:
 *
 * <pre>{@code
 * ClusterConfig bigger = ClusterConfig.builder().from(config)
 *     .topology(t -> t.from(config.topology()).node("postgres-04", "192.168.60.106", POSTGRES))
 *     .build();
 * }</pre>
 *
 * <p>{@link ConfigCodec} reads and writes it as YAML. It holds no secrets.
 *
 * <p>Immutable and thread-safe; does no I/O.
 */
@Value.Immutable
public interface ClusterConfig {
    /**
     * Returns the cluster's name: Patroni's scope and etcd's cluster token.
     *
     * @return the name, unique among the clusters that one operator runs: 1 to 63 letters, digits, {@code _}, {@code .}
     *     and {@code -}, the first a letter or digit
     */
    String name();

    /**
     * Returns the machines and virtual IPs.
     *
     * @return the topology
     */
    Topology topology();

    /**
     * Returns the settings of etcd.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default EtcdConfig etcd() {
        return EtcdConfig.builder().build();
    }

    /**
     * Returns the settings of PostgreSQL.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default PostgresConfig postgres() {
        return PostgresConfig.builder().build();
    }

    /**
     * Returns the settings of Patroni.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default PatroniConfig patroni() {
        return PatroniConfig.builder().build();
    }

    /**
     * Returns the settings of HAProxy.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default HaproxyConfig haproxy() {
        return HaproxyConfig.builder().build();
    }

    /**
     * Returns the settings of keepalived.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default KeepalivedConfig keepalived() {
        return KeepalivedConfig.builder().build();
    }

    /**
     * Returns the settings of the certificates.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default PkiConfig pki() {
        return PkiConfig.builder().build();
    }

    /**
     * Returns the settings of the hosts.
     *
     * @return the settings; their defaults by default
     */
    @Value.Default
    default OsConfig os() {
        return OsConfig.builder().build();
    }

    /**
     * Returns when nothing may be done that interrupts the service.
     *
     * @return the closed times; none by default
     */
    @Value.Default
    default MaintenanceConfig maintenance() {
        return MaintenanceConfig.builder().build();
    }

    /**
     * Returns the nodes of the etcd cluster.
     *
     * @return the nodes in the order of the topology
     */
    default List<Node> etcdNodes() {
        return topology().nodes(NodeRole.ETCD);
    }

    /**
     * Returns the nodes that run PostgreSQL under Patroni.
     *
     * @return the nodes in the order of the topology
     */
    default List<Node> postgresNodes() {
        return topology().nodes(NodeRole.POSTGRES);
    }

    /**
     * Returns the nodes that run HAProxy and keepalived.
     *
     * @return the nodes in the order of the topology
     */
    default List<Node> haproxyNodes() {
        return topology().nodes(NodeRole.HAPROXY);
    }

    /**
     * Returns a node by its name.
     *
     * @param name the name
     * @return the node
     * @throws IllegalArgumentException when the topology has no such node
     */
    default Node node(String name) {
        Given.value(name, "name");
        return topology().nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The topology of " + name() + " has no node " + name));
    }

    /**
     * Returns where clients reach etcd on a node.
     *
     * @param node a node with the role {@link NodeRole#ETCD}
     * @return for example {@code https://10.0.0.1:2379}
     */
    default URI etcdClientUrl(Node node) {
        Given.value(node, "node");
        return URI.create("https://" + node.hostPort(etcd().clientPort()));
    }

    /**
     * Returns where the other members reach etcd on a node.
     *
     * @param node a node with the role {@link NodeRole#ETCD}
     * @return for example {@code https://10.0.0.1:2380}
     */
    default URI etcdPeerUrl(Node node) {
        Given.value(node, "node");
        return URI.create("https://" + node.hostPort(etcd().peerPort()));
    }

    /**
     * Returns where Patroni's REST API is on a node.
     *
     * @param node a node with the role {@link NodeRole#POSTGRES}
     * @return for example {@code https://10.0.0.1:8008}
     */
    default URI patroniUrl(Node node) {
        Given.value(node, "node");
        return URI.create("https://" + node.hostPort(patroni().restPort()));
    }

    /**
     * Checks every rule that this configuration must keep; builders call it, so that what was built is valid.
     *
     * @throws InvalidConfigException when something is wrong, with all problems at once
     */
    @Value.Check
    default void validate() {
        ConfigRules.check(this);
    }

    /**
     * Returns the text that {@code toString} shows: a line with name, numbers and virtual IPs, at most 72 characters
     * long, then the nodes, and the settings that differ from their defaults.
     *
     * @return several lines
     */
    default String describe() {
        return Descriptions.of(this);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link ClusterConfig}. Confined to one thread. */
    final class Builder extends ImmutableClusterConfig.Builder {
        Builder() {}

        /**
         * Sets {@link ClusterConfig#topology()}.
         *
         * @param topology completes its builder
         * @return this builder
         */
        public Builder topology(UnaryOperator<Topology.Builder> topology) {
            return topology(
                    Given.completed(Topology.builder(), topology, "topology").build());
        }

        /**
         * Sets {@link ClusterConfig#etcd()}.
         *
         * @param etcd completes its builder
         * @return this builder
         */
        public Builder etcd(UnaryOperator<EtcdConfig.Builder> etcd) {
            return etcd(Given.completed(EtcdConfig.builder(), etcd, "etcd").build());
        }

        /**
         * Sets {@link ClusterConfig#postgres()}.
         *
         * @param postgres completes its builder
         * @return this builder
         */
        public Builder postgres(UnaryOperator<PostgresConfig.Builder> postgres) {
            return postgres(Given.completed(PostgresConfig.builder(), postgres, "postgres")
                    .build());
        }

        /**
         * Sets {@link ClusterConfig#patroni()}.
         *
         * @param patroni completes its builder
         * @return this builder
         */
        public Builder patroni(UnaryOperator<PatroniConfig.Builder> patroni) {
            return patroni(
                    Given.completed(PatroniConfig.builder(), patroni, "patroni").build());
        }

        /**
         * Sets {@link ClusterConfig#haproxy()}.
         *
         * @param haproxy completes its builder
         * @return this builder
         */
        public Builder haproxy(UnaryOperator<HaproxyConfig.Builder> haproxy) {
            return haproxy(
                    Given.completed(HaproxyConfig.builder(), haproxy, "haproxy").build());
        }

        /**
         * Sets {@link ClusterConfig#keepalived()}.
         *
         * @param keepalived completes its builder
         * @return this builder
         */
        public Builder keepalived(UnaryOperator<KeepalivedConfig.Builder> keepalived) {
            return keepalived(Given.completed(KeepalivedConfig.builder(), keepalived, "keepalived")
                    .build());
        }

        /**
         * Sets {@link ClusterConfig#pki()}.
         *
         * @param pki completes its builder
         * @return this builder
         */
        public Builder pki(UnaryOperator<PkiConfig.Builder> pki) {
            return pki(Given.completed(PkiConfig.builder(), pki, "pki").build());
        }

        /**
         * Sets {@link ClusterConfig#os()}.
         *
         * @param os completes its builder
         * @return this builder
         */
        public Builder os(UnaryOperator<OsConfig.Builder> os) {
            return os(Given.completed(OsConfig.builder(), os, "os").build());
        }

        /**
         * Sets {@link ClusterConfig#maintenance()}.
         *
         * @param maintenance completes its builder
         * @return this builder
         */
        public Builder maintenance(UnaryOperator<MaintenanceConfig.Builder> maintenance) {
            return maintenance(Given.completed(MaintenanceConfig.builder(), maintenance, "maintenance")
                    .build());
        }
    }
}
