package io.pgha.os;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.resource.FileResource;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import java.util.List;
import java.util.Optional;

/** Keeps Debian's package scripts and needrestart away from the daemons that only pgha and the operator may restart. */
final class PackageRules {
    private static final String POLICY = "/usr/sbin/policy-rc.d";
    private static final String MARK = "# Written by pgha.";

    /** Debian calls it with a unit or an init script's name, an action, and options before them. */
    private static final String POLICY_SCRIPT = """
            #!/bin/sh
            # Written by pgha. Installing, upgrading or removing a package never starts, stops or restarts these daemons:
            # an unattended upgrade must not move the leader. Restart them yourself, one node at a time.
            while [ $# -gt 0 ]; do
              case $1 in
                --list) exit 0 ;;
                -*) shift ;;
                *) break ;;
              esac
            done
            case ${1%.service} in
              etcd | etcd-server | patroni | patroni@* | postgresql | postgresql@* | haproxy | keepalived) exit 101 ;;
            esac
            exit 0
            """;

    private static final String NEEDRESTART = """
            # Written by pgha. needrestart never restarts these daemons.
            $nrconf{override_rc}{qr(^(etcd|patroni|postgresql|haproxy|keepalived)\\b)} = 0;
            """;

    private PackageRules() {}

    static List<Resource> resources() {
        return List.of(
                FileResource.at(POLICY)
                        .content(POLICY_SCRIPT)
                        .mode("755")
                        .check("sh -n \"$1\"")
                        .build(),
                FileResource.at("/etc/needrestart/conf.d/pgha.conf")
                        .content(NEEDRESTART)
                        .build());
    }

    /** A policy that only forbids everything is what images of containers have; it gives way. */
    static PreflightRule rule(Node node) {
        return Claim.unclaimed(
                node,
                "policy-rc.d",
                "[ ! -e " + POLICY + " ] || cat " + POLICY,
                answer -> answer.isEmpty() || answer.contains(MARK) || forbidsEverything(answer)
                        ? Optional.empty()
                        : Optional.of(Problem.on(
                                node.name(),
                                "preflight.policy-rc-d",
                                "The host has a " + POLICY
                                        + " of its own, which decides what package scripts may start; pgha"
                                        + " needs that place to keep upgrades from restarting the database",
                                "Remove " + POLICY + " on " + node.name() + ", or move it away.")));
    }

    private static boolean forbidsEverything(String script) {
        return script.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList()
                .equals(List.of("exit 101"));
    }
}
