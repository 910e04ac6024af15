package io.pgha.proxy;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.os.Claim;
import io.pgha.secret.Secret;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.text.SaltedHash;
import java.util.List;
import java.util.Optional;

/**
 * Refuses another VRRP password than the one with which the nodes speak to each other: a keepalived that has got it
 * hears the others no more, and until the last has it several hold the virtual IP. Neither the old one nor the new one
 * travels. Stateless; no I/O.
 */
final class VrrpPassword {
    private static final String OTHER = "other";

    /** The passwords of a cluster of another name are others: its name is what is refused. */
    private static final String SCRIPT = """
            grep -qsxF {{cluster}} {{claim}} || exit
            hash=$(awk -v salt={{salt}} 'BEGIN { printf "%s", salt } $1 == "auth_pass" { printf "%s", $2; exit }' {{file}} | sha256sum)
            case ${hash%% *} in {{wanted}}|{{none}}) ;; *) echo {{other}} ;; esac
            """;

    private VrrpPassword() {}

    static List<PreflightRule> of(PlanContext context) {
        ClusterConfig config = context.config();
        boolean spoken = config.haproxyNodes().size() > 1
                && config.topology().vips().stream().anyMatch(vip -> !Addresses.v6(vip.address()));
        if (!spoken) {
            return List.of();
        }
        Secret wanted = KeepalivedFile.password(context.secrets());
        return config.haproxyNodes().stream()
                .map(node -> rule(config, node, wanted))
                .toList();
    }

    private static PreflightRule rule(ClusterConfig config, Node node, Secret wanted) {
        SaltedHash hash = SaltedHash.random();
        String script = Script.of(SCRIPT)
                .value("cluster", "cluster=" + config.name())
                .value("claim", Claim.PATH)
                .value("file", KeepalivedFile.PATH)
                .value("salt", hash.salt())
                .value("wanted", hash.of(wanted.reveal()))
                .value("none", hash.of(""))
                .value("other", OTHER)
                .render();
        return new PreflightRule(
                node,
                new Probe("keepalived:password", script, ""),
                answer -> answer.equals(OTHER) ? Optional.of(problem(node)) : Optional.empty());
    }

    private static Problem problem(Node node) {
        return Problem.on(
                node.name(),
                "secret.keepalived-changed",
                "The store has another " + KeepalivedFile.AUTH_SECRET + " than " + KeepalivedFile.PATH
                        + "; HAProxy nodes that disagree about it, as they do between two reloads, all hold the virtual IP",
                "Put the old one back into the store: it is the auth_pass in " + KeepalivedFile.PATH + " on "
                        + node.name()
                        + ". Or, while nobody needs the virtual IP, stop keepalived on all HAProxy nodes, remove "
                        + KeepalivedFile.PATH + " there, and plan again.");
    }
}
