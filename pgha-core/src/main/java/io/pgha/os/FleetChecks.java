package io.pgha.os;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.model.Node;
import io.pgha.spi.PlanContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Judges the facts of all machines, each alone and against the others. */
final class FleetChecks {
    private static final Map<String, Set<String>> RELEASES =
            Map.of("debian", Set.of("bookworm", "trixie"), "ubuntu", Set.of("jammy", "noble"));
    private static final long MIN_MEMORY_MIB = 512;
    private static final Duration MAX_SKEW = Duration.ofSeconds(1);

    private FleetChecks() {}

    static List<Problem> of(PlanContext context) {
        List<Node> nodes = context.config().topology().nodes();
        List<Problem> problems = new ArrayList<>();
        Map<String, Node> machines = new HashMap<>();
        for (Node node : nodes) {
            HostFacts facts = context.facts(node);
            release(node, facts, problems);
            memory(node, facts, problems);
            Node other = facts.machineId().isBlank() ? null : machines.putIfAbsent(facts.machineId(), node);
            if (other != null) {
                problems.add(sameMachine(other, node, facts.machineId()));
            }
        }
        clocks(context, nodes, problems);
        return problems;
    }

    private static void release(Node node, HostFacts facts, List<Problem> problems) {
        if (!RELEASES.getOrDefault(facts.distribution(), Set.of()).contains(facts.release())) {
            problems.add(Problem.on(
                    node.name(),
                    "preflight.os-unsupported",
                    "The host " + node.sshAddress() + " runs " + facts.osName() + ", which pgha does not know",
                    "Install Debian 12 (bookworm) or 13 (trixie), or Ubuntu 22.04 (jammy) or 24.04 (noble), on "
                            + node.name() + "."));
        }
    }

    private static void memory(Node node, HostFacts facts, List<Problem> problems) {
        long mebibytes = facts.memoryBytes() / (1024 * 1024);
        if (mebibytes < MIN_MEMORY_MIB) {
            problems.add(Problem.on(
                    node.name(),
                    "preflight.memory",
                    "The host " + node.sshAddress() + " has " + mebibytes + " MiB of memory; it needs at least "
                            + MIN_MEMORY_MIB + " MiB",
                    "Give " + node.name() + " more memory."));
        }
    }

    private static Problem sameMachine(Node first, Node second, String machineId) {
        return Problem.on(
                second.name(),
                "preflight.same-machine",
                first.name() + " (" + first.sshAddress() + ") and " + second.name() + " (" + second.sshAddress()
                        + ") have the same machine-id " + machineId + ": they are one machine, or copies of one image",
                "Give " + second.name() + " the address of another host; if it is a copy, run on it:"
                        + " rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup, and reboot it.");
    }

    /**
     * Certificates, etcd's leases and everybody's logs want clocks that agree. What may be an error of measurement is
     * no difference.
     */
    private static void clocks(PlanContext context, List<Node> nodes, List<Problem> problems) {
        if (nodes.isEmpty()) {
            return;
        }
        Function<Node, Duration> least = node ->
                context.facts(node).clockOffset().minus(context.facts(node).clockError());
        Function<Node, Duration> most = node ->
                context.facts(node).clockOffset().plus(context.facts(node).clockError());
        Node behind = nodes.stream().min(Comparator.comparing(most)).orElseThrow();
        Node ahead = nodes.stream().max(Comparator.comparing(least)).orElseThrow();
        Duration skew = least.apply(ahead).minus(most.apply(behind));
        if (skew.compareTo(MAX_SKEW) > 0) {
            problems.add(Problem.of(
                    "preflight.clocks",
                    "The clocks differ: " + ahead.name() + " is " + seconds(skew) + " s ahead of " + behind.name()
                            + ", and " + seconds(MAX_SKEW) + " s is the limit",
                    "Set the clocks of " + behind.name() + " and " + ahead.name()
                            + " right, for example with chrony (chronyc makestep), and plan again."));
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }
}
