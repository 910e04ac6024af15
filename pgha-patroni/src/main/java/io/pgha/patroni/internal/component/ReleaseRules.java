package io.pgha.patroni.internal.component;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.model.parameter.ParameterCatalog;
import io.pgha.model.parameter.PatroniParameters;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.layout.PatroniPackage;
import io.pgha.spi.PlanContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node's release does not take of a configuration that is right for another: Patroni leaves out parameters that
 * its PostgreSQL does not have, and does nothing for tags that it does not know, both without a word. Stateless; no
 * I/O.
 */
final class ReleaseRules {
    private ReleaseRules() {}

    static List<Problem> check(PlanContext context) {
        List<Problem> problems = new ArrayList<>();
        for (Node node : context.config().postgresNodes()) {
            tags(context, node, problems);
        }
        if (context.config().postgres().version().isEmpty()) {
            Set<Integer> versions = new TreeSet<>();
            context.config().postgresNodes().forEach(node -> versions.add(PatroniLayout.version(context, node)));
            versions.forEach(version -> parameters(context, version, problems));
        }
        return List.copyOf(problems);
    }

    private static void tags(PlanContext context, Node node, List<Problem> problems) {
        PatroniPackage.of(context.facts(node))
                .ifPresent(shipped -> node.tags()
                        .keySet()
                        .forEach(tag -> shipped.firstWithTag(tag)
                                .ifPresent(first -> problems.add(Problem.on(
                                        node.name(),
                                        "preflight.patroni-tag",
                                        "The tag " + tag + " came with Patroni " + first + ", and "
                                                + context.facts(node).osName() + " has " + shipped.patroni()
                                                + ", which would do nothing for it",
                                        "Remove the tag from " + node.name()
                                                + " (nofailover: true and nosync: true are known to every Patroni),"
                                                + " or use a newer release.")))));
    }

    private static void parameters(PlanContext context, int version, List<Problem> problems) {
        PatroniParameters known = new PatroniParameters(ParameterCatalog.of(version));
        context.config()
                .postgres()
                .parameters()
                .forEach((name, value) -> known.check(name, value.toString())
                        .ifPresent(finding -> problems.add(Problem.of(
                                "config.postgres-parameter-" + finding.kind(),
                                "The PostgreSQL parameter " + name + " " + finding.reason() + " (PostgreSQL " + version
                                        + ", which the release ships)",
                                finding.remedy()))));
    }
}
