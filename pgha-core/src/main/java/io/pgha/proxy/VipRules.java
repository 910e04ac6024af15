package io.pgha.proxy;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.host.HostFacts.InterfaceAddress;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.model.Node;
import io.pgha.model.Vip;
import io.pgha.os.Claim;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Judges whether the virtual IPs can be served: in the nodes' subnet or on an interface that they have, and used by
 * nobody else.
 */
final class VipRules {
    private static final Pattern HARDWARE = Pattern.compile("lladdr (\\S+)");
    private static final String HERE = " here";

    private VipRules() {}

    static List<Problem> reachable(PlanContext context) {
        List<Problem> problems = new ArrayList<>();
        List<Vip> vips = context.config().topology().vips();
        for (Node node : vips.isEmpty() ? List.<Node>of() : context.config().haproxyNodes()) {
            HostFacts facts = context.facts(node);
            Optional<InterfaceAddress> holder = Addresses.holder(facts, node.address());
            if (holder.isEmpty()) {
                problems.add(Problem.on(
                        node.name(),
                        "preflight.no-interface",
                        "No network interface of the host has the address " + node.address()
                                + ", so keepalived does not know where the virtual IP belongs, and reaches no other node",
                        "Give the node " + node.name()
                                + " an address that the host has itself, not one that is translated."));
                continue;
            }
            for (Vip vip : vips) {
                if (vip.networkInterface().isEmpty() && !Addresses.inSubnet(vip.address(), holder.get())) {
                    problems.add(Problem.on(
                            node.name(),
                            "preflight.vip-subnet",
                            "The virtual IP " + vip.address() + " is not in the subnet of "
                                    + holder.get().name() + ", "
                                    + holder.get().address() + "/"
                                    + holder.get().prefixLength()
                                    + ", so nobody would find it there",
                            "Choose a free address in that subnet, or put the HAProxy nodes into the virtual IP's; or name the"
                                    + " interface that carries it on every HAProxy node (networkInterface, in YAML"
                                    + " network_interface)."));
                }
            }
        }
        return problems;
    }

    static List<PreflightRule> onHosts(PlanContext context) {
        List<PreflightRule> rules = new ArrayList<>(unused(context));
        List<String> named = context.config().topology().vips().stream()
                .flatMap(vip -> vip.networkInterface().stream())
                .distinct()
                .toList();
        for (Node node : named.isEmpty() ? List.<Node>of() : context.config().haproxyNodes()) {
            rules.add(new PreflightRule(
                    node,
                    new Probe(
                            "preflight:vip-interfaces",
                            Script.of("""
                        for name in {{names}}; do
                          [ -e "/sys/class/net/$name" ] || echo "$name" "$(cd /sys/class/net && echo *)"
                        done""").words("names", named).render(),
                            ""),
                    answer -> missing(context, node, answer)));
        }
        return rules;
    }

    /** Each line is a name that the host has not, and all that it has. */
    private static Optional<Problem> missing(PlanContext context, Node node, String answer) {
        return answer.lines().findFirst().map(line -> {
            String[] words = line.strip().split(" ", 2);
            String vips = context.config().topology().vips().stream()
                    .filter(vip ->
                            vip.networkInterface().filter(words[0]::equals).isPresent())
                    .map(Vip::cidr)
                    .collect(Collectors.joining(", "));
            return Problem.on(
                    node.name(),
                    "preflight.no-interface",
                    "The host has no network interface " + words[0] + " to carry the virtual IP " + vips,
                    "Name one that every HAProxy node has; " + node.name() + " has " + words[words.length - 1]
                            + ". Or rename one there, for good (systemd.link).");
        });
    }

    /** Asked on hosts that are not ours yet, and of no address that one of our other nodes holds. */
    private static List<PreflightRule> unused(PlanContext context) {
        List<Node> nodes = context.config().haproxyNodes();
        List<Vip> vips = context.config().topology().vips();
        List<PreflightRule> rules = new ArrayList<>();
        for (Node node : nodes) {
            List<Vip> here =
                    vips.stream().filter(vip -> has(context, node, vip)).toList();
            List<Vip> elsewhere = vips.stream()
                    .filter(vip -> nodes.stream().noneMatch(other -> has(context, other, vip)))
                    .toList();
            String script = here.stream()
                            .map(vip -> "echo " + quote(vip.address()) + " here\n")
                            .collect(Collectors.joining())
                    + (elsewhere.isEmpty() ? "" : Neighbours.ask(elsewhere));
            if (!script.isEmpty()) {
                rules.add(Claim.unclaimed(node, "vips", script, answer -> judge(node, answer)));
            }
        }
        return rules;
    }

    private static boolean has(PlanContext context, Node node, Vip vip) {
        return Addresses.holder(context.facts(node), vip.address()).isPresent();
    }

    private static Optional<Problem> judge(Node node, String answer) {
        List<String> taken = answer.lines()
                .filter(line -> line.endsWith(HERE) || HARDWARE.matcher(line).find())
                .toList();
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        String all = taken.stream().map(VipRules::sentence).collect(Collectors.joining("; "));
        return Optional.of(Problem.on(
                node.name(),
                "preflight.vip-taken",
                "A virtual IP is in use: " + all,
                "Choose free addresses for the virtual IPs, or remove them from those machines."));
    }

    private static String sentence(String line) {
        Matcher hardware = HARDWARE.matcher(line);
        String address = line.substring(0, Math.max(0, line.indexOf(' ')));
        return hardware.find()
                ? address + " by the machine with the hardware address " + hardware.group(1)
                : address + " by this host itself, which pgha has never touched";
    }
}
