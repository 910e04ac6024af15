package io.pgha.model.parameter;

import io.pgha.Given;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A parameter that Patroni or pgha sets by itself, so that nobody else may. Immutable and thread-safe.
 *
 * @param name the parameter, in small letters
 * @param owner who sets it
 * @param inConfiguration what to do where a configuration of pgha has it
 * @param inDynamic what to do where Patroni's dynamic configuration has it
 */
public record OwnedParameter(String name, Owner owner, String inConfiguration, String inDynamic) {

    /** Names who sets a parameter. */
    public enum Owner {
        /** Patroni, in every cluster: what the dynamic configuration says of it is ignored. */
        PATRONI,
        /** pgha, in the clusters that it deploys, which cannot do without. */
        PGHA
    }

    private static final String RECOVERY = "recovery_target";

    private static final List<OwnedParameter> ALL = List.of(
            patroni(
                    "listen_addresses",
                    "Remove it: PostgreSQL listens on the node's address in the topology.",
                    "Set postgresql.listen in each member's patroni.yaml."),
            patroni("port", "Remove it and set postgres.port.", "Set postgresql.listen in each member's patroni.yaml."),
            patroni(
                    "cluster_name",
                    "Remove it: the cluster's name is ClusterConfig.name().",
                    "Leave it out: Patroni uses its scope."),
            patroni(
                    "data_directory",
                    "Remove it and set postgres.dataDirectory.",
                    "Set postgresql.data_dir in each member's patroni.yaml."),
            patroni(
                    "config_file",
                    "Remove it: Patroni writes postgresql.conf where it needs it.",
                    "Leave it out: Patroni writes postgresql.conf where it needs it."),
            patroni(
                    "hba_file",
                    "Remove it and set postgres.pgHba or postgres.clientNetworks.",
                    "Set postgresql.pg_hba."),
            patroni(
                    "ident_file",
                    "Remove it: Patroni writes pg_ident.conf where it needs it.",
                    "Set postgresql.pg_ident."),
            standby("primary_conninfo"),
            standby("primary_slot_name"),
            patroni(
                    RECOVERY,
                    "Remove it: Patroni leaves it out, for a member that recovers to a point follows no leader.",
                    "Leave it out: a member that recovers to a point follows no leader."),
            pgha(
                    "unix_socket_directories",
                    "Remove it: each node's patroni.yaml has Debian's, which Patroni would prefer to this one.",
                    "Leave it out: each member's patroni.yaml, which counts more, has Debian's."),
            tls("ssl"),
            tls("ssl_cert_file"),
            tls("ssl_key_file"),
            tls("ssl_ca_file"));

    /**
     * Returns what is to be done instead of setting a parameter.
     *
     * @param name the parameter, in any case
     * @return its row; empty for one that is free
     */
    public static Optional<OwnedParameter> find(String name) {
        String lower = Given.value(name, "name").toLowerCase(Locale.ROOT);
        String known = lower.startsWith(RECOVERY) ? RECOVERY : lower;
        return ALL.stream().filter(row -> row.name.equals(known)).findFirst();
    }

    private static OwnedParameter patroni(String name, String inConfiguration, String inDynamic) {
        return new OwnedParameter(name, Owner.PATRONI, inConfiguration, inDynamic);
    }

    private static OwnedParameter standby(String name) {
        return patroni(
                name,
                "Remove it: Patroni follows the leader by itself.",
                "Leave it out: Patroni follows the leader by itself.");
    }

    private static OwnedParameter pgha(String name, String inConfiguration, String inDynamic) {
        return new OwnedParameter(name, Owner.PGHA, inConfiguration, inDynamic);
    }

    private static OwnedParameter tls(String name) {
        return pgha(
                name,
                "Remove it: pgha puts the certificates in place; ClusterConfig.pki() says which kind.",
                "Leave it as it is: members and clients come with TLS only, and the certificates are pgha's.");
    }
}
