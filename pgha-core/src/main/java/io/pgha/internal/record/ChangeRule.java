package io.pgha.internal.record;

import io.pgha.text.PostgresEncodings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what may become of one attribute of a cluster that serves. Immutable and thread-safe.
 *
 * @param pattern the attributes
 * @param kind what may be changed
 * @param code the code of the refusal; empty where there is none
 * @param why what would happen, for the refusal
 * @param otherwise what can be done today instead; may be empty
 */
record ChangeRule(AttributePath pattern, Kind kind, String code, String why, String otherwise) {
    static final String NODE_REMOVED = "change.node-removed";
    static final String NODE_NAME = "change.node-name";
    static final String ROLE_REMOVED = "change.role-removed";
    static final String VIP_REMOVED = "change.vip-removed";
    static final String CLUSTER_NAME = "change.cluster-name";
    static final String INITDB_CHANGED = "change.initdb";

    /** Names what may be changed. */
    enum Kind {
        /** A plan does it while the cluster serves. */
        FREE,
        /** Chosen by the first deploy. */
        FIXED,
        /** More may come, what is there stays. */
        GROWS,
        /** Its component compares what is in force on each host, which may follow from more than the configuration. */
        BY_COMPONENT
    }

    private static final String OLD_PORT =
            "what listens there stays at its port until it restarts, and what asks there moves at once";
    private static final String TWO_MASTERS =
            "HAProxy nodes that disagree about it, as they do between two reloads, all hold the virtual IP";
    private static final String NO_SUCH_ROLE =
            "PostgreSQL has no role of that name, and Patroni could not log in any more";
    private static final String INITDB = "initdb used it once, and it has no effect on databases that exist";
    private static final String OTHER_LOCALE =
            "A database may have another one: CREATE DATABASE … TEMPLATE template0 LOCALE … ENCODING ….";

    /** Every attribute of a configuration. */
    private static final List<ChangeRule> ALL = List.of(
            fixed(
                    "name",
                    CLUSTER_NAME,
                    "it is Patroni's scope, etcd's token, and where passwords and certificates are kept",
                    "A cluster of another name is another cluster: give it hosts of its own."),
            grows(
                    "topology.nodes.*.name",
                    NODE_REMOVED,
                    "its daemons would go on unattended: they keep their votes, their leadership and the virtual IP"),
            fixed(
                    "topology.nodes.*.address",
                    "change.node-address",
                    "etcd, Patroni and the certificates know the member by its address",
                    "If its machine is lost, install another at the old address: the next plan sets it up, and an etcd member"
                            + " without data is replaced."),
            grows(
                    "topology.nodes.*.roles",
                    ROLE_REMOVED,
                    "its daemons would go on unattended on that host, with their vote or the virtual IP"),
            free("topology.nodes.*.ssh_address"),
            free("topology.nodes.*.ssh_port"),
            free("topology.nodes.*.tags"),
            grows("topology.vips.*.address", VIP_REMOVED, "keepalived would go on serving it"),
            fixed("topology.vips.*.prefix_length", "change.vip", TWO_MASTERS, ""),
            fixed("topology.vips.*.virtual_router_id", "change.vip", TWO_MASTERS, ""),
            free("topology.vips.*.network_interface"),
            fixed("etcd.client_port", "change.port", OLD_PORT, ""),
            fixed("etcd.peer_port", "change.port", OLD_PORT, ""),
            free("etcd.heartbeat_interval"),
            free("etcd.election_timeout"),
            free("etcd.quota_backend_bytes"),
            free("etcd.auto_compaction_retention"),
            free("etcd.authentication"),
            byComponent("postgres.version"),
            fixed("postgres.port", "change.port", OLD_PORT, ""),
            byComponent("postgres.data_directory"),
            free("postgres.parameters"),
            free("postgres.pg_hba"),
            free("postgres.client_networks"),
            fixed("postgres.locale", INITDB_CHANGED, INITDB, OTHER_LOCALE),
            fixed("postgres.encoding", INITDB_CHANGED, INITDB, OTHER_LOCALE),
            fixed("postgres.superuser_name", "change.role-name", NO_SUCH_ROLE, ""),
            fixed("postgres.replication_user", "change.role-name", NO_SUCH_ROLE, ""),
            fixed("postgres.rewind_user", "change.role-name", NO_SUCH_ROLE, ""),
            fixed(
                    "patroni.namespace",
                    "change.namespace",
                    "a member that restarts would find no cluster there, and lead one of its own",
                    "Another namespace takes a new cluster, on other hosts."),
            fixed("patroni.rest_port", "change.port", OLD_PORT, ""),
            free("patroni.rest_username"),
            free("patroni.ttl"),
            free("patroni.loop_wait"),
            free("patroni.retry_timeout"),
            free("patroni.maximum_lag_on_failover"),
            free("patroni.synchronous_mode"),
            free("patroni.failsafe_mode"),
            fixed("haproxy.read_write_port", "change.port", OLD_PORT, ""),
            fixed("haproxy.read_only_port", "change.port", OLD_PORT, ""),
            fixed("haproxy.sync_port", "change.port", OLD_PORT, ""),
            fixed("haproxy.async_port", "change.port", OLD_PORT, ""),
            fixed("haproxy.stats_port", "change.port", OLD_PORT, ""),
            free("haproxy.stats_user"),
            free("haproxy.max_connections"),
            free("haproxy.check_interval"),
            free("haproxy.fast_check_interval"),
            free("haproxy.fall"),
            free("haproxy.rise"),
            free("haproxy.connect_timeout"),
            free("haproxy.check_timeout"),
            free("haproxy.idle_timeout"),
            fixed("keepalived.advert_interval", "change.vrrp-interval", TWO_MASTERS, ""),
            free("keepalived.check_interval"),
            free("keepalived.fall"),
            free("keepalived.rise"),
            free("pki.key_algorithm"),
            free("pki.authority_validity"),
            free("pki.leaf_validity"),
            free("pki.renew_before"),
            free("os.time_sync"),
            free("os.sysctls"),
            free("os.packages"),
            free("maintenance.zone"),
            free("maintenance.closed"),
            free("maintenance.holidays"));

    /** Returns the rule of an attribute; empty for one that this version of pgha does not know. */
    static Optional<ChangeRule> of(AttributePath path) {
        return ALL.stream().filter(rule -> rule.pattern.covers(path)).findFirst();
    }

    static List<ChangeRule> all() {
        return ALL;
    }

    private static ChangeRule free(String pattern) {
        return new ChangeRule(AttributePath.of(pattern), Kind.FREE, "", "", "");
    }

    private static ChangeRule byComponent(String pattern) {
        return new ChangeRule(AttributePath.of(pattern), Kind.BY_COMPONENT, "", "", "");
    }

    private static ChangeRule fixed(String pattern, String code, String why, String otherwise) {
        return new ChangeRule(AttributePath.of(pattern), Kind.FIXED, code, why, otherwise);
    }

    private static ChangeRule grows(String pattern, String code, String why) {
        return new ChangeRule(AttributePath.of(pattern), Kind.GROWS, code, why, "");
    }

    /** Returns whether the wanted value is not one that may stand where the others do. */
    boolean refuses(Set<String> there, Set<String> wanted) {
        return switch (kind) {
            case FREE, BY_COMPONENT -> false;
            case FIXED, GROWS ->
                !there.isEmpty() && there.stream().map(this::plain).noneMatch(plainly(wanted)::contains);
        };
    }

    private Set<String> plainly(Set<String> values) {
        return values.stream().map(this::plain).collect(Collectors.toSet());
    }

    /**
     * Locales and encodings are compared as glibc and PostgreSQL do: neither case nor punctuation counts, and UNICODE
     * is UTF8.
     */
    private String plain(String value) {
        return code.equals(INITDB_CHANGED)
                ? PostgresEncodings.find(value)
                        .orElseGet(() -> value.toLowerCase(Locale.ROOT).replaceAll("[-_]", ""))
                : value;
    }
}
