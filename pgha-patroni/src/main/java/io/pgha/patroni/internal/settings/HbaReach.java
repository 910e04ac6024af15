package io.pgha.patroni.internal.settings;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.hba.HbaFile;
import io.pgha.model.hba.HbaFile.Login;
import io.pgha.model.postgres.PostgresConfig;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom lines of a configuration turn away that Patroni cannot do without: they stand before pgha's own, and the first
 * that fits counts. Members come to each other with TLS and a password. Stateless; no I/O.
 */
public final class HbaReach {
    private static final String REPLICATION = "replication";
    private static final String DATABASE = "postgres";

    private HbaReach() {}

    public static List<Problem> check(ClusterConfig config) {
        PostgresConfig postgres = config.postgres();
        HbaFile file = HbaFile.parse(HbaRules.of(config), postgres.version());
        Set<String> away = new LinkedHashSet<>();
        if (file.refuses(
                new Login(Optional.of(postgres.superuserName()), DATABASE, Optional.empty(), HbaFile.Way.PASSWORD))) {
            away.add("the superuser " + postgres.superuserName() + " from the member itself (local)");
        }
        if (config.postgresNodes().size() > 1) {
            others(config, file, postgres.replicationUser(), REPLICATION)
                    .ifPresent(
                            from -> away.add("the replication role " + postgres.replicationUser() + " from " + from));
            others(config, file, postgres.rewindUser(), DATABASE)
                    .ifPresent(from -> away.add("the rewind role " + postgres.rewindUser() + " from " + from));
        }
        return away.isEmpty()
                ? List.of()
                : List.of(Problem.of(
                        "config.postgres-hba-shuts-out",
                        "postgres.pgHba would turn away " + String.join("; ", away)
                                + ": its lines stand before pgha's own, and no replica could be made",
                        "Let the lines that reject, or that ask for more than a password, name the databases, roles and networks"
                                + " that they mean, or write before them what lets these in."));
    }

    private static Optional<String> others(ClusterConfig config, HbaFile file, String role, String database) {
        List<String> refused = file.refusedFrom(
                Optional.of(role),
                database,
                config.postgresNodes().stream().map(Node::address).toList(),
                HbaFile.Way.PASSWORD);
        return refused.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", refused));
    }
}
