package io.pgha.patroni.internal.component;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.net.HostPort;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.layout.PatroniPackage;
import io.pgha.patroni.internal.layout.PatroniSecrets;
import io.pgha.patroni.internal.settings.DynamicSettings;
import io.pgha.patroni.internal.settings.HbaRules;
import io.pgha.port.EtcdUser;
import io.pgha.secret.Secret;
import io.pgha.spi.PlanContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Renders a member's {@code patroni.yaml}: a tree is built and dumped, so that no value can change the file's shape.
 * Confined to one call.
 */
final class PatroniYaml {
    private final PlanContext context;
    private final ClusterConfig config;
    private final Node node;
    private final PatroniSecrets secrets;

    private PatroniYaml(PlanContext context, Node node) {
        this.context = context;
        this.config = context.config();
        this.node = node;
        this.secrets = PatroniSecrets.in(context.secrets());
    }

    static String render(PlanContext context, Node node) {
        return "# Written by pgha; changes are overwritten. What bootstrap.dcs says is used once, by the first member;\n"
                + "# later changes are made in the dynamic configuration (patronictl show-config).\n"
                + YamlFormat.dump(new PatroniYaml(context, node).tree());
    }

    /** Returns a text as it stands behind its key. */
    static String scalar(String text) {
        return YamlFormat.dump(Map.of("x", text)).substring("x: ".length()).stripTrailing();
    }

    private Map<String, Object> tree() {
        return map(
                "scope", config.name(),
                "namespace", config.patroni().namespace(),
                "name", node.name(),
                "restapi", restApi(),
                "ctl", map("insecure", false, "cacert", PatroniLayout.TRUST),
                "etcd3", etcd(),
                "bootstrap", bootstrap(),
                "postgresql", postgresql(),
                "watchdog", map("mode", "automatic"),
                "tags", new TreeMap<>(node.tags()));
    }

    /** Reading is open to whoever reaches the port (HAProxy's checks); everything else needs the password. */
    private Map<String, Object> restApi() {
        String address = node.hostPort(config.patroni().restPort());
        return map(
                "listen",
                address,
                "connect_address",
                address,
                "certfile",
                PatroniLayout.REST_CERTIFICATE,
                "keyfile",
                PatroniLayout.REST_KEY,
                "cafile",
                PatroniLayout.TRUST,
                "verify_client",
                "none",
                "authentication",
                login(config.patroni().restUsername(), secrets.rest()));
    }

    private Map<String, Object> etcd() {
        Map<String, Object> etcd = map(
                "hosts",
                config.etcdNodes().stream()
                        .map(member -> member.hostPort(config.etcd().clientPort()))
                        .toList(),
                "protocol",
                "https",
                "cacert",
                PatroniLayout.TRUST,
                "cert",
                PatroniLayout.REST_CERTIFICATE,
                "key",
                PatroniLayout.REST_KEY);
        if (config.etcd().authentication() == EtcdAuthentication.ENABLED) {
            EtcdUser user = EtcdUser.patroni(config, context.secrets());
            etcd.putAll(login(user.name(), user.password()));
        }
        return etcd;
    }

    private Map<String, Object> bootstrap() {
        PostgresConfig postgres = config.postgres();
        List<Object> initdb = new ArrayList<>(List.of(
                map("encoding", postgres.encoding()),
                map("locale", postgres.locale()),
                "data-checksums",
                map("auth-local", postgres.superuserName().equals("postgres") ? "peer" : "scram-sha-256"),
                map("auth-host", "scram-sha-256")));
        Map<String, Object> bootstrap = map("dcs", DynamicSettings.of(context).tree(), "initdb", initdb);
        PatroniPackage.of(context.facts(node))
                .filter(PatroniPackage::wantsBootstrapHba)
                .ifPresent(old -> bootstrap.put("pg_hba", HbaRules.of(config)));
        return bootstrap;
    }

    private Map<String, Object> postgresql() {
        PostgresConfig postgres = config.postgres();
        return map(
                "listen",
                new HostPort(node.address(), postgres.port()).bracketed() + ",127.0.0.1:" + postgres.port(),
                "connect_address",
                node.hostPort(postgres.port()),
                "data_dir",
                PatroniLayout.dataDirectory(context, node),
                "bin_dir",
                PatroniLayout.binDirectory(context, node),
                "pgpass",
                "/var/lib/postgresql/.pgpass_patroni",
                "use_unix_socket",
                true,
                "authentication",
                map(
                        "superuser", connection(postgres.superuserName(), secrets.superuser()),
                        "replication", connection(postgres.replicationUser(), secrets.replication()),
                        "rewind", connection(postgres.rewindUser(), secrets.rewind())),
                "create_replica_methods",
                List.of("basebackup"),
                "basebackup",
                List.of(map("checkpoint", "fast")),
                "parameters",
                map("unix_socket_directories", PatroniLayout.SOCKETS));
    }

    private Map<String, Object> connection(String user, Secret password) {
        Map<String, Object> connection = login(user, password);
        connection.put(
                "sslmode",
                PatroniPackage.of(context.facts(node))
                        .map(PatroniPackage::sslMode)
                        .orElse("verify-full"));
        connection.put("sslrootcert", PatroniLayout.TRUST);
        return connection;
    }

    private static Map<String, Object> login(String user, Secret password) {
        return map("username", user, "password", password.reveal());
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
