package io.pgha.patroni.internal.component;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.model.postgres.PostgresConfig;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.layout.PatroniSecrets;
import io.pgha.secret.Secret;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.text.SaltedHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Refuses a password that the store has and PostgreSQL has not: Patroni would be given it, and locked out.
 *
 * <p>No password goes to a host, and nothing from which one could be guessed comes from it: both sides hash, with a
 * salt that is used once. Where a password in {@code patroni.yaml} is the wanted one, PostgreSQL is not asked. The
 * leader decides: a replica that was cut off by a change of passwords must not stand in the way of the plan that brings
 * it back. Stateless; no I/O.
 */
final class PasswordRule {
    private static final String SAME = "same";
    private static final String REPLICA = "replica";
    private static final String SILENT = "silent";

    /**
     * The passwords as they stand in the file, quotes and all; {@code printf} is the shell's own, so that no process
     * list shows them. All are compared at once, for that costs three processes, and one by one where that tells a
     * difference. The passwords of a cluster of another name are others: its name is what is refused.
     */
    private static final String SCRIPT = """
            [ -e {{config}} ] || exit
            nonce={{nonce}}
            passwords=$(awk '/^[a-z]/ { top = $1 } /^    [a-z]/ { role = $1 }
              top == "postgresql:" && sub(/^      password: /, "") { print role $0 }' {{config}})
            hash=$(printf '%s\\n' "$nonce" "$passwords" | sha256sum)
            if [ "${hash%% *}" = {{all}} ]; then echo {{same}}; exit; fi
            {{data}}
            [ $data != none ] || exit
            [ "$(sed -n 's/^scope: //p' $f)" = {{scope}} ] || exit
            changed=
            check() {
              word=$(printf '%s\\n' "$passwords" | sed -n "s/^$1://p")
              hash=$(printf %s "$nonce$word" | sha256sum)
              [ "${hash%% *}" = "$2" ] || changed="$changed $1"
            }
            {{checks}}
            if [ -z "$changed" ]; then echo {{same}}; exit; fi
            echo "$changed"
            runuser -u postgres -- {{psql}} -XAtq -h {{sockets}} -p {{port}} -U {{superuser}} -d postgres -w -c {{query}} || echo {{silent}}
            """;

    /** A password by its place in {@code patroni.yaml}, its role in PostgreSQL and its name in the store. */
    private record Login(String key, String role, Secret password) {
        String secret() {
            return "postgres." + key;
        }

        String inFile() {
            return PatroniYaml.scalar(password.reveal());
        }
    }

    private PasswordRule() {}

    static PreflightRule of(PlanContext context, Node node) {
        PostgresConfig postgres = context.config().postgres();
        PatroniSecrets secrets = PatroniSecrets.in(context.secrets());
        List<Login> logins = List.of(
                new Login("superuser", postgres.superuserName(), secrets.superuser()),
                new Login("replication", postgres.replicationUser(), secrets.replication()),
                new Login("rewind", postgres.rewindUser(), secrets.rewind()));
        SaltedHash hash = SaltedHash.random();
        return new PreflightRule(
                node,
                new Probe("patroni:passwords", script(context, node, logins, hash), ""),
                answer -> judge(node, postgres, logins, hash, answer));
    }

    private static String script(PlanContext context, Node node, List<Login> logins, SaltedHash hash) {
        PostgresConfig postgres = context.config().postgres();
        return Script.of(SCRIPT)
                .value("config", PatroniLayout.CONFIG)
                .value("nonce", hash.salt())
                .value("all", all(logins, hash))
                .value("same", SAME)
                .part("data", PatroniTrace.DATA)
                .value("scope", PatroniYaml.scalar(context.config().name()))
                .part(
                        "checks",
                        String.join(
                                "\n",
                                logins.stream()
                                        .map(login -> "check " + login.key() + " " + hash.of(login.inFile()))
                                        .toList()))
                .value("psql", PatroniLayout.binDirectory(context, node) + "/psql")
                .value("sockets", PatroniLayout.SOCKETS)
                .value("port", postgres.port())
                .value("superuser", postgres.superuserName())
                .value("query", query(hash.salt()))
                .value("silent", SILENT)
                .render();
    }

    private static String all(List<Login> logins, SaltedHash hash) {
        StringBuilder lines = new StringBuilder("\n");
        logins.forEach(login ->
                lines.append(login.key()).append(':').append(login.inFile()).append('\n'));
        return hash.of(lines.toString());
    }

    private static String query(String nonce) {
        return "select case when pg_is_in_recovery() then '" + REPLICA + "' else (select string_agg(rolname || ' '"
                + " || split_part(rolpassword, '$', 2) || ' ' || encode(sha256(convert_to('" + nonce
                + "' || split_part(split_part(rolpassword, '$', 3), ':', 1), 'UTF8')), 'hex'), chr(10))"
                + " from pg_authid where rolpassword like 'SCRAM-SHA-256$%') end";
    }

    private static Optional<Problem> judge(
            Node node, PostgresConfig postgres, List<Login> logins, SaltedHash hash, String answer) {
        List<String> lines = answer.lines().map(String::strip).toList();
        if (lines.isEmpty() || lines.get(0).equals(SAME) || lines.contains(REPLICA)) {
            return Optional.empty();
        }
        List<String> changed = List.of(lines.get(0).split(" ", -1));
        boolean silent = lines.contains(SILENT) || lines.size() == 1;
        List<Login> refused = new ArrayList<>();
        for (Login login : logins) {
            boolean logsIn = lines.stream()
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words.length == 3 && words[0].equals(login.role()))
                    .anyMatch(words -> ScramVerifier.matches(login.password(), words[1], hash, words[2]));
            if (changed.contains(login.key()) && !logsIn) {
                refused.add(login);
            }
        }
        return refused.isEmpty() ? Optional.empty() : Optional.of(problem(node, postgres, refused, silent));
    }

    private static Problem problem(Node node, PostgresConfig postgres, List<Login> refused, boolean silent) {
        String names = String.join(", ", refused.stream().map(Login::secret).toList());
        String alter = String.join(
                " ; ",
                refused.stream()
                        .map(login -> "ALTER ROLE \"" + login.role() + "\" PASSWORD …")
                        .toList());
        return Problem.on(
                node.name(),
                "secret.postgres-changed",
                "The store has other passwords than " + PatroniLayout.CONFIG + " (" + names + "), and "
                        + (silent
                                ? "PostgreSQL on " + node.name() + " does not say whether they log in"
                                : "PostgreSQL does not take them")
                        + "; Patroni would be locked out",
                "Put the old " + names + " back into the store (they are in " + PatroniLayout.CONFIG + " on "
                        + node.name() + "). Or change them in the database first (psql as " + postgres.superuserName()
                        + " on the leader: " + alter + "), then plan: what logs in is accepted"
                        + (silent ? "; PostgreSQL must run for that." : "."));
    }
}
