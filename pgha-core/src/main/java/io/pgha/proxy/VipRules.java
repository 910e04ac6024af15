package io.pgha.proxy;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.Problem;
import io.pgha.host.HostFacts;
import io.pgha.host.HostFacts.InterfaceAddress;
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

/** Judges whether the virtual IPs can be served: in the nodes' subnet, and used by nobody else. */
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
                                + ", so keepalived does not know where the virtual IP belongs",
                        "Give the node " + node.name()
                                + " an address that the host has itself, not one that is translated."));
                continue;
            }
            for (Vip vip : vips) {
                if (!Addresses.inSubnet(vip.address(), holder.get())) {
                    problems.add(Problem.on(
                            node.name(),
                            "preflight.vip-subnet",
                            "The virtual IP " + vip.address() + " is not in the subnet of "
                                    + holder.get().name() + ", "
                                    + holder.get().address() + "/"
                                    + holder.get().prefixLength()
                                    + ", so nobody would find it there",
                            "Choose a free address in that subnet, or put the HAProxy nodes into the virtual IP's."));
                }
            }
        }
        return problems;
    }

    /** Asked on hosts that are not ours yet, and of no address that one of our other nodes holds. */
    static List<PreflightRule> unused(PlanContext context) {
        List<Node> nodes = context.config().haproxyNodes();
        List<String> vips =
                context.config().topology().vips().stream().map(Vip::address).toList();
        List<PreflightRule> rules = new ArrayList<>();
        for (Node node : nodes) {
            List<String> here =
                    vips.stream().filter(vip -> has(context, node, vip)).toList();
            List<String> elsewhere = vips.stream()
                    .filter(vip -> nodes.stream().noneMatch(other -> has(context, other, vip)))
                    .toList();
            String script =
                    here.stream().map(vip -> "echo " + quote(vip) + " here\n").collect(Collectors.joining())
                            + (elsewhere.isEmpty() ? "" : ask(elsewhere));
            if (!script.isEmpty()) {
                rules.add(Claim.unclaimed(node, "vips", script, answer -> judge(node, answer)));
            }
        }
        return rules;
    }

    private static boolean has(PlanContext context, Node node, String vip) {
        return Addresses.holder(context.facts(node), vip).isPresent();
    }

    /**
     * Sends one datagram to each address's discard port, which makes the kernel ask who has the address, and waits for answers
     * as long as a question is open, at most 1.5 s.
     */
    private static String ask(List<String> vips) {
        return Script.of("""
            for vip in {{vips}}; do ip neigh flush to "$vip"; bash -c 'echo >"/dev/udp/$1/9"' ask "$vip"; done
            for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
              sleep 0.1
              answer=$(for vip in {{vips}}; do ip neigh show to "$vip"; done)
              case $answer in *INCOMPLETE*) ;; *) break ;; esac
            done
            echo "$answer"
            """).words("vips", vips).render();
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
