package io.pgha.patroni.internal.layout;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.HttpsRequest;
import io.pgha.spi.PlanContext;
import java.util.List;

/** Where everything of Patroni and PostgreSQL is. Stateless; no I/O. */
public final class PatroniLayout {
    public static final String UNIT = "patroni";
    public static final String OWNER = "postgres:postgres";
    public static final String CONFIG = "/etc/patroni/patroni.yaml";
    public static final String TRUST = "/etc/patroni/tls/ca.crt";
    public static final String REST_CERTIFICATE = "/etc/patroni/tls/rest.crt";
    public static final String REST_KEY = "/etc/patroni/tls/rest.key";
    public static final String POSTGRES_CERTIFICATE = "/etc/patroni/tls/postgres.crt";
    public static final String POSTGRES_KEY = "/etc/patroni/tls/postgres.key";
    public static final String DROP_IN = "/etc/systemd/system/patroni.service.d/pgha.conf";
    public static final String PROFILE = "/etc/profile.d/pgha-patroni.sh";
    public static final String CREATE_CLUSTER = "/etc/postgresql-common/createcluster.d/pgha.conf";
    public static final String SOCKETS = "/var/run/postgresql";
    public static final String LOGS = "/var/log/postgresql";

    private PatroniLayout() {}

    /** Returns the major version: what is configured, else what the node's release ships. */
    public static int version(PlanContext context, Node node) {
        return context.config()
                .postgres()
                .version()
                .orElseGet(() -> PatroniPackage.of(context.facts(node))
                        .map(PatroniPackage::postgres)
                        .orElse(17));
    }

    public static String dataDirectory(PlanContext context, Node node) {
        return context.config()
                .postgres()
                .dataDirectory()
                .orElseGet(() -> "/var/lib/postgresql/" + version(context, node) + "/main");
    }

    public static String binDirectory(PlanContext context, Node node) {
        return "/usr/lib/postgresql/" + version(context, node) + "/bin";
    }

    public static List<String> addresses(ClusterConfig config) {
        return config.postgresNodes().stream().map(Node::address).toList();
    }

    /** Returns a request to a node's REST API, from any PostgreSQL node; safe verbs need no password. */
    public static String get(ClusterConfig config, Node node, String path) {
        return HttpsRequest.to("GET " + path)
                .address(node.address())
                .port(config.patroni().restPort())
                .trust(TRUST)
                .build()
                .render();
    }
}
