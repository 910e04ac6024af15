package io.pgha.os;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.resource.Dpkg;
import io.pgha.spi.PreflightRule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says beforehand which missing packages {@code apt-get} would not install: held ones, ones that a pin forbids, and
 * ones that no repository has. What the package lists say counts only while they would not be refreshed anyway. A host
 * that has all packages is asked nothing of this.
 */
final class PackageProspects {
    private static final String HELD = "held ";
    private static final String PINNED = "pinned ";
    private static final String UNKNOWN = "unknown ";

    private PackageProspects() {}

    static List<PreflightRule> of(Node node, List<String> packages) {
        return List.of(
                rule(
                        node,
                        packages,
                        HELD,
                        names -> Problem.on(
                                node.name(),
                                "preflight.package-held",
                                "apt is told to hold " + names + ", so it would not install what is missing",
                                "Run on " + node.name() + ": apt-mark unhold " + names + ".")),
                rule(
                        node,
                        packages,
                        PINNED,
                        names -> Problem.on(
                                node.name(),
                                "preflight.package-pinned",
                                "apt knows " + names + ", but a pin forbids every version",
                                "Remove the pin from /etc/apt/preferences or /etc/apt/preferences.d on " + node.name()
                                        + "; it is shown by: apt-cache policy " + names + ".")),
                rule(
                        node,
                        packages,
                        UNKNOWN,
                        names -> Problem.on(
                                node.name(),
                                "preflight.package-unknown",
                                "No package repository of the host has " + names,
                                "Add the repository that has it to /etc/apt/sources.list.d on " + node.name()
                                        + ", or correct the name; then run there: apt-get update.")));
    }

    private static PreflightRule rule(
            Node node, List<String> packages, String kind, Function<String, Problem> problem) {
        Probe probe = new Probe(
                "preflight:packages-" + kind.strip(), script(packages), "", Optional.of(Dpkg.batch(packages)));
        return new PreflightRule(node, probe, answer -> {
            List<String> names = answer.lines()
                    .filter(line -> line.startsWith(kind))
                    .map(line -> line.substring(kind.length()))
                    .toList();
            return names.isEmpty() ? Optional.empty() : Optional.of(problem.apply(String.join(" ", names)));
        });
    }

    /** Where sources are newer than the lists, or the lists older than an hour, the packages step refreshes them. */
    private static String script(List<String> packages) {
        return Script.of("""
            lists=/var/lib/apt/lists
            missing=
            {{installed}}
            for package in {{packages}}; do
              case $installed in *" $package "*) ;; *) missing="$missing $package" ;; esac
            done
            if [ -n "$missing" ]; then
              dpkg --get-selections $missing 2>/dev/null | awk '$2 == "hold" { sub(/:.*/, "", $1); print "held " $1 }'
              fresh=
              if [ -n "$(find $lists -maxdepth 1 -name '*_Packages*' -mmin -60 -print -quit 2>/dev/null)" ] \\
                && [ -z "$(find /etc/apt/sources.list /etc/apt/sources.list.d -newer $lists -print -quit 2>/dev/null)" ]; then
                fresh=yes
              fi
              apt-cache policy $missing 2>/dev/null | awk -v fresh="$fresh" -v missing="$missing" '
                /^[^ ].*:$/ { name = substr($1, 1, length($1) - 1); known[name] = 0 }
                $1 == "Candidate:" { none[name] = $2 == "(none)" }
                $1 == "***" || ($1 ~ /^[0-9]/ && NF == 2 && /^     [^ ]/) { known[name] = 1 }
                END {
                  n = split(missing, wanted, " ")
                  for (i = 1; i <= n; i++) {
                    p = wanted[i]
                    if (p in known && none[p] && known[p]) print "pinned " p
                    else if (fresh != "" && (!(p in known) || none[p])) print "unknown " p
                  }
                }'
            fi
            """)
                .part("installed", Dpkg.FIND)
                .words("packages", packages)
                .render();
    }
}
