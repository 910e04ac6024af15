package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.layout.PatroniPackage;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what must hold on a node before PostgreSQL and Patroni are installed. Stateless; no I/O. */
final class PatroniPreflight {
    private PatroniPreflight() {}

    static List<PreflightRule> of(PlanContext context) {
        List<PreflightRule> rules = new ArrayList<>();
        for (Node node : context.config().postgresNodes()) {
            rules.add(version(context, node));
            rules.add(dataDirectory(context, node));
            rules.add(PasswordRule.of(context, node));
            rules.addAll(HostValues.of(context, node));
            rules.addAll(TlsValues.of(context, node));
            PreloadedLibraries.of(context, node).map(PreloadedLibraries::rule).ifPresent(rules::add);
            if (context.config().patroni().synchronousMode() == SynchronousMode.QUORUM) {
                rules.add(quorum(context, node));
            }
        }
        return List.copyOf(rules);
    }

    /** Asks apt only where the release does not ship the version anyway: a new machine has no package lists yet. */
    private static PreflightRule version(PlanContext context, Node node) {
        Optional<PatroniPackage> shipped = PatroniPackage.of(context.facts(node));
        int version = PatroniLayout.version(context, node);
        boolean known = shipped.map(PatroniPackage::postgres)
                .filter(own -> own == version)
                .isPresent();
        String name = "postgresql-" + version;
        Probe probe = new Probe(
                "patroni:version",
                known
                        ? "echo available"
                        : "if dpkg-query -W " + name + " >/dev/null 2>&1 || [ -n \"$(apt-cache madison " + name
                                + ")\" ]; then echo available; else echo missing; fi",
                known ? "available" : "missing");
        String remedy = shipped.map(own -> "leave postgres.version empty to take the " + own.postgres() + " that "
                        + own.release() + " ships, or ")
                .orElse("");
        return new PreflightRule(
                node,
                probe,
                answer -> answer.equals("available")
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.postgres-version",
                                context.facts(node).osName() + " has no package " + name,
                                remedy + "add a repository that has " + name + " (apt.postgresql.org) on " + node.name()
                                        + " and run apt-get update there.")));
    }

    /**
     * What is in force follows from the configuration and the release, and only the host knows it: one that was
     * upgraded in place has another default. A member whose data directory is elsewhere, or of another version, would
     * come back without its data.
     */
    private static PreflightRule dataDirectory(PlanContext context, Node node) {
        String wanted = PatroniLayout.dataDirectory(context, node);
        int version = PatroniLayout.version(context, node);
        Probe probe = new Probe(
                "preflight:data-directory",
                "if [ -e " + PatroniLayout.CONFIG + " ]; then\n" + PatroniTrace.DATA
                        + "echo \"$data $(cat \"$directory/PG_VERSION\" 2>/dev/null) $directory\"\n"
                        + "elif [ -n \"$(ls -A " + quote(wanted)
                        + " 2>/dev/null)\" ]; then echo foreign; else echo free; fi",
                "free");
        return new PreflightRule(node, probe, answer -> {
            if (answer.equals("foreign")) {
                return Optional.of(Problem.on(
                        node.name(),
                        "preflight.data-directory",
                        wanted + " already holds files that pgha did not put there",
                        "give postgres.dataDirectory an empty place, or move the data of " + node.name()
                                + " away after a backup."));
            }
            return answer.startsWith("some ") ? moved(node, answer.split(" ", 3), wanted, version) : Optional.empty();
        });
    }

    private static Optional<Problem> moved(Node node, String[] found, String wanted, int version) {
        if (!found[1].isEmpty() && !found[1].equals(String.valueOf(version))) {
            return Optional.of(Problem.on(
                    node.name(),
                    "change.postgres-version",
                    "The data of " + node.name() + " in " + found[2] + " is of PostgreSQL " + found[1]
                            + ", and the configuration asks for " + version
                            + "; a server of another major version cannot read it, and pgha cannot upgrade it yet",
                    "Write postgres.version " + found[1] + " (pg.version(" + found[1] + "))."));
        }
        return found[2].equals(wanted)
                ? Optional.empty()
                : Optional.of(Problem.on(
                        node.name(),
                        "change.data-directory",
                        "The data of " + node.name() + " is in " + found[2] + ", and the configuration says " + wanted
                                + "; at its next restart the member would come up without it",
                        "Write postgres.data_directory " + found[2]
                                + " again. Or, member after member, replicas first: stop"
                                + " patroni, move the directory, change data_dir in " + PatroniLayout.CONFIG
                                + ", start patroni; then plan again."));
    }

    private static PreflightRule quorum(PlanContext context, Node node) {
        boolean able = PatroniPackage.of(context.facts(node))
                .map(PatroniPackage::hasQuorumCommit)
                .orElse(true);
        return new PreflightRule(
                node,
                new Probe("patroni:quorum", "echo asked", "asked"),
                answer -> able
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.quorum-commit",
                                "The Patroni of " + context.facts(node).osName()
                                        + " has no quorum commit; that came with 4.0",
                                "set patroni.synchronousMode to ON, or use a newer release.")));
    }
}
