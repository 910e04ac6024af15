package io.pgha.os;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.spi.PreflightRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions that one host must meet on its own. */
final class HostRules {
    private static final long MIN_FREE_MIB = 2048;

    private HostRules() {}

    static List<PreflightRule> of(ClusterConfig config, Node node) {
        List<PreflightRule> rules = new ArrayList<>();
        rules.add(systemd(node));
        rules.add(PackageRules.rule(node));
        rules.add(NeededPorts.rule(config, node));
        if (node.has(NodeRole.POSTGRES)) {
            rules.add(postgres(node));
        }
        if (node.has(NodeRole.POSTGRES) || node.has(NodeRole.ETCD)) {
            rules.add(disk(node));
        }
        return rules;
    }

    private static PreflightRule systemd(Node node) {
        return new PreflightRule(
                node,
                new Probe("preflight:systemd", "[ -d /run/systemd/system ] && echo yes", "yes"),
                answer -> answer.equals("yes")
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.systemd",
                                "systemd does not run the host " + node.sshAddress() + "; the daemons need it",
                                "Boot " + node.name() + " with systemd as its init.")));
    }

    private static PreflightRule postgres(Node node) {
        return Claim.unclaimed(node, "postgres", """
                dpkg-query -W -f '${db:Status-Status} ${Package}\\n' 'postgresql-[0-9]*' | sed -n 's/^installed /package /p'
                for f in /var/lib/postgresql/*/*/PG_VERSION /var/lib/postgresql/*/PG_VERSION; do
                  if [ -e "$f" ]; then echo "cluster ${f%/PG_VERSION}"; fi
                done""", answer -> existing(node, answer));
    }

    private static Optional<Problem> existing(Node node, String answer) {
        List<String> packages = listed(answer, "package ");
        List<String> clusters = listed(answer, "cluster ");
        if (packages.isEmpty() && clusters.isEmpty()) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        if (!packages.isEmpty()) {
            found.add("the packages " + String.join(", ", packages));
            remedies.add("apt-get purge " + String.join(" ", packages));
        }
        if (!clusters.isEmpty()) {
            found.add("data in " + String.join(", ", clusters));
            remedies.add("save and move away " + String.join(", ", clusters));
        }
        return Optional.of(Problem.on(
                node.name(),
                "preflight.postgres-exists",
                "The host has PostgreSQL already, not made by pgha: " + String.join("; ", found),
                "Use a host without PostgreSQL; or, when nobody needs this one, on " + node.name() + ": "
                        + String.join("; then ", remedies) + "."));
    }

    private static List<String> listed(String answer, String kind) {
        return answer.lines()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .toList();
    }

    /** Only before the first deployment: a running cluster with a full disk must stay operable. */
    private static PreflightRule disk(Node node) {
        return Claim.unclaimed(
                node, "disk", "df -Pk /var | { read -r head; read -r f t u a rest; echo \"$a\"; }", answer -> {
                    boolean known = answer.matches("[0-9]{1,18}");
                    long free = known ? Long.parseLong(answer) / 1024 : MIN_FREE_MIB;
                    return free >= MIN_FREE_MIB
                            ? Optional.empty()
                            : Optional.of(Problem.on(
                                    node.name(),
                                    "preflight.disk",
                                    "/var has " + free + " MiB free; packages and data need at least " + MIN_FREE_MIB
                                            + " MiB",
                                    "Free space in /var on " + node.name() + ", or give it a larger disk."));
                });
    }
}
