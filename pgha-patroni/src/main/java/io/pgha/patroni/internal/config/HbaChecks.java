package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.Problem;
import io.pgha.model.hba.HbaFile;
import io.pgha.model.hba.HbaFile.Login;
import io.pgha.model.hba.HbaFile.Way;
import io.pgha.patroni.internal.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is wrong with the lines of {@code pg_hba.conf} in the dynamic configuration: those that PostgreSQL would not
 * take, and those that would shut out Patroni itself. Stateless.
 */
final class HbaChecks {
    private static final String REPLICATION = "replication";
    private static final String DATABASE = "postgres";
    private static final String CORRECT =
            "Correct the line; PostgreSQL would go on with the old rules, and not start again.";
    private static final String INSTEAD =
            "Write the rules themselves in place of this line. Where PostgreSQL is new enough, edit"
                    + " while a member answers, so that its version is known.";

    private HbaChecks() {}

    static List<Problem> check(String section, JsonNode value, Servers servers) {
        List<String> lines = new ArrayList<>();
        value.forEach(line -> lines.add(line.asText()));
        HbaFile file = HbaFile.parse(lines, servers.postgresMajor());
        List<Problem> problems = new ArrayList<>();
        file.flaws()
                .forEach(flaw -> problems.add(Problem.of(
                        "patroni.config.pg-hba",
                        Text.printable("postgresql." + section + " has the line \"" + flaw.line()
                                + "\", which PostgreSQL would not take: " + flaw.reason()),
                        flaw.since().isPresent() ? INSTEAD : CORRECT)));
        if (problems.isEmpty() && !lines.isEmpty()) {
            shutOut(section, file, servers).ifPresent(problems::add);
        }
        return problems;
    }

    /**
     * The superuser comes over the socket or the loopback address; in a cluster that pgha did not make perhaps from the
     * member's own address, as its patroni.yaml says: one of them is enough.
     */
    private static Optional<Problem> shutOut(String section, HbaFile file, Servers servers) {
        Map<String, String> refused = new LinkedHashMap<>();
        List<String> examples = new ArrayList<>();
        Optional<String> superuser = servers.roles().map(Servers.Roles::superuser);
        Way way = way(servers);
        boolean local = !file.refuses(new Login(superuser, DATABASE, Optional.empty(), way))
                || !file.refuses(new Login(superuser, DATABASE, Optional.of("127.0.0.1"), way))
                || !file.refuses(new Login(superuser, DATABASE, Optional.of("::1"), way))
                || (superuser.isEmpty()
                        && !servers.addresses().isEmpty()
                        && others(file, servers, superuser, DATABASE).isEmpty());
        if (!local) {
            refused.put(named("the superuser", superuser), "the member itself (local, 127.0.0.1)");
            examples.add("local all " + superuser.orElse("all") + " peer");
        }
        if (servers.addresses().size() > 1) {
            Optional<String> replication = servers.roles().map(Servers.Roles::replication);
            Optional<String> rewind = servers.roles().map(Servers.Roles::rewind);
            others(file, servers, replication, REPLICATION)
                    .ifPresent(from -> refused.put(named("the replication role", replication), from));
            others(file, servers, rewind, DATABASE)
                    .ifPresent(from -> refused.put(named("the rewind role", rewind), from));
            new TreeSet<>(servers.addresses())
                    .stream()
                            .findFirst()
                            .ifPresent(first -> examples.add("hostssl replication "
                                    + replication.orElse("all") + " " + first
                                    + (first.indexOf(':') < 0 ? "/32" : "/128")
                                    + " scram-sha-256"));
        }
        if (refused.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        refused.forEach((role, from) -> words.add(role + " from " + from));
        return Optional.of(Problem.of(
                "patroni.config.pg-hba-shuts-out",
                Text.printable("postgresql." + section + " would turn away " + String.join("; ", words)
                        + ": replication and Patroni's own connections would end"),
                Text.printable("Keep lines for them, before what turns them away, for example: "
                        + String.join("; ", examples)
                        + "; or add to what is there with appendPgHba and prependPgHba.")));
    }

    private static Optional<String> others(HbaFile file, Servers servers, Optional<String> role, String database) {
        List<String> refused = file.refusedFrom(role, database, new TreeSet<>(servers.addresses()), way(servers));
        return refused.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", refused));
    }

    /** Of the roles of clusters that pgha did not make it is not known how they prove who they are. */
    private static Way way(Servers servers) {
        return servers.roles().isPresent() ? Way.PASSWORD : Way.ANY;
    }

    private static String named(String what, Optional<String> role) {
        return what + role.map(name -> " " + name).orElse("");
    }
}
