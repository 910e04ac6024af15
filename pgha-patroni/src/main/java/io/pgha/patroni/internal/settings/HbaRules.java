package io.pgha.patroni.internal.settings;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.postgres.PostgresConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides who may connect to PostgreSQL: the machine's own users over the socket, replicas, the cluster's PostgreSQL
 * and HAProxy nodes (through which clients come), and the networks that the configuration names; all of them with TLS
 * and SCRAM. PostgreSQL turns away whom no line names. Stateless; no I/O.
 */
public final class HbaRules {
    private static final Set<String> KEYWORDS = Set.of("all", "replication", "sameuser", "samerole", "samegroup");

    private HbaRules() {}

    public static List<String> of(ClusterConfig config) {
        PostgresConfig postgres = config.postgres();
        List<String> lines = new ArrayList<>(postgres.pgHba());
        String superuser = role(postgres.superuserName());
        if (!superuser.equals("postgres")) {
            lines.add("local all " + superuser + " scram-sha-256");
        }
        lines.add("local all all peer");
        Set<String> members = new LinkedHashSet<>(List.of("127.0.0.1/32"));
        config.postgresNodes().forEach(node -> members.add(host(node)));
        members.forEach(member ->
                lines.add("hostssl replication " + role(postgres.replicationUser()) + " " + member + " scram-sha-256"));
        Set<String> clients = new LinkedHashSet<>(members);
        config.haproxyNodes().forEach(node -> clients.add(host(node)));
        clients.addAll(postgres.clientNetworks());
        clients.forEach(client -> lines.add("hostssl all all " + client + " scram-sha-256"));
        return List.copyOf(lines);
    }

    private static String host(Node node) {
        return node.address() + (node.address().indexOf(':') >= 0 ? "/128" : "/32");
    }

    /** In quotes a name has no special meaning. */
    private static String role(String name) {
        return name.matches("[a-z_][a-z0-9_]*") && !KEYWORDS.contains(name)
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }
}
