package io.pgha.internal.record;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Refuses what would break a cluster that serves. Pure. */
final class ChangeGuard {
    private static final AttributePath NAME = AttributePath.of("name");
    private static final AttributePath NODES = AttributePath.of("topology.nodes");
    private static final AttributePath VIPS = AttributePath.of("topology.vips");

    private final ClusterConfig config;
    private final Attributes there;
    private final Attributes wanted;
    private final Set<String> departed;

    /**
     * Creates the guard of one plan.
     *
     * @param config what is wanted
     * @param there what serves, or was begun
     * @param departed the nodes' names and virtual IPs that somebody has taken away by hand
     */
    ChangeGuard(ClusterConfig config, Attributes there, Set<String> departed) {
        this.config = config;
        this.there = there;
        this.wanted = Attributes.of(config);
        this.departed = departed;
    }

    List<Problem> problems() {
        Map<String, Problem> problems = new LinkedHashMap<>();
        for (AttributePath path : there.paths()) {
            Optional<ChangeRule> rule = ChangeRule.of(path).filter(it -> it.refuses(there.of(path), wanted.of(path)));
            if (rule.isPresent() && !gone(rule.get(), path)) {
                Problem problem = problem(rule.get(), path);
                problems.putIfAbsent(problem.code() + " " + path, problem);
            }
        }
        return new ArrayList<>(problems.values());
    }

    /**
     * What belongs to a node or a virtual IP that is wanted no more is told once; what was taken away by hand, not at
     * all.
     */
    private boolean gone(ChangeRule rule, AttributePath path) {
        for (AttributePath all : List.of(NODES, VIPS)) {
            if (path.startsWith(all)) {
                String name = path.words().get(all.words().size());
                boolean itself = rule.code().equals(ChangeRule.NODE_REMOVED)
                        || rule.code().equals(ChangeRule.VIP_REMOVED);
                boolean missing = !wanted.below(all).contains(name);
                return missing && (departed.contains(name) || !itself);
            }
        }
        return false;
    }

    private Problem problem(ChangeRule rule, AttributePath path) {
        return switch (rule.code()) {
            case ChangeRule.NODE_REMOVED ->
                nodeRemoved(rule, path.words().get(NODES.words().size()));
            case ChangeRule.VIP_REMOVED ->
                vipRemoved(rule, path.words().get(VIPS.words().size()));
            case ChangeRule.ROLE_REMOVED -> roleRemoved(rule, path);
            default -> changed(rule, path);
        };
    }

    private Problem changed(ChangeRule rule, AttributePath path) {
        String was = String.join(" or ", there.of(path));
        String now = String.join(" or ", wanted.of(path));
        return new Problem(
                rule.code(),
                path.startsWith(NODES)
                        ? Optional.of(path.words().get(NODES.words().size()))
                        : Optional.empty(),
                "The cluster " + cluster() + " is deployed with " + path + " " + was
                        + ", and the configuration says " + now + "; that cannot be changed while it serves: "
                        + rule.why(),
                "Write " + path + " " + was + " again." + (rule.otherwise().isEmpty() ? "" : " " + rule.otherwise())
                        + FleetRecord.BY_HAND);
    }

    /** What serves has its old name, whatever the configuration calls it now. */
    private String cluster() {
        Set<String> names = there.of(NAME);
        return names.isEmpty() ? config.name() : String.join(" or ", names);
    }

    private Problem nodeRemoved(ChangeRule rule, String name) {
        String address = String.join(", ", there.of(NODES.then(name).then("address")));
        Optional<Node> same = config.topology().nodes().stream()
                .filter(node -> node.address().equals(address))
                .findFirst();
        if (same.isPresent()) {
            return Problem.on(
                    same.get().name(),
                    ChangeRule.NODE_NAME,
                    "The node at " + address + " is deployed as " + name + ", and the configuration calls it "
                            + same.get().name() + "; etcd, Patroni and the certificates know the member by its name",
                    "Name the node at " + address + " " + name + " again.");
        }
        Set<String> roles = there.below(NODES.then(name).then("roles"));
        return Problem.on(
                name,
                rule.code(),
                "The node " + name + " (" + address + ") is part of " + cluster()
                        + ", and the configuration has it no more; pgha cannot take a node away yet, and " + rule.why(),
                "Put " + name + " (" + address + ") into the topology again. Or take it away by hand: "
                        + byHand(name, roles) + "then run on one of the other hosts: " + Departure.tell(name)
                        + " ; and plan again.");
    }

    /** In the order that keeps the service: leadership first, votes last. */
    private static String byHand(String name, Set<String> roles) {
        List<String> acts = new ArrayList<>();
        if (roles.contains("postgres")) {
            acts.add("where it leads, move the leader away (PatroniClient.switchover)");
        }
        if (roles.contains("etcd")) {
            acts.add("remove its member with the configuration that still has it (EtcdClient.removeMember(\"" + name
                    + "\"))");
        }
        List<String> units = new ArrayList<>();
        if (roles.isEmpty() || roles.contains("haproxy")) {
            units.addAll(List.of("keepalived", "haproxy"));
        }
        if (roles.isEmpty() || roles.contains("postgres")) {
            units.add("patroni");
        }
        if (roles.isEmpty() || roles.contains("etcd")) {
            units.add("etcd");
        }
        acts.add("on " + name + " run systemctl disable --now " + String.join(" ", units)
                + ", or see that a machine that is lost never boots again");
        return acts.stream().map(act -> act + "; ").collect(Collectors.joining());
    }

    private Problem vipRemoved(ChangeRule rule, String address) {
        boolean last = config.topology().vips().isEmpty();
        String proxies = config.haproxyNodes().stream().map(Node::name).collect(Collectors.joining(", "));
        String stop = last
                ? "run on " + (proxies.isEmpty() ? "the HAProxy nodes" : proxies)
                        + " systemctl disable --now keepalived && rm /etc/keepalived/keepalived.conf; then "
                : "see that no client uses it any more, ";
        return Problem.of(
                rule.code(),
                "The virtual IP " + address + " is part of " + cluster()
                        + ", and the configuration has it no more; pgha cannot take a virtual IP away yet, and "
                        + rule.why(),
                "Put the virtual IP " + address + " into the topology again. Or take it away by hand: " + stop
                        + "run on one of the hosts: " + Departure.tell(address) + " ; and plan again.");
    }

    private Problem roleRemoved(ChangeRule rule, AttributePath path) {
        String name = path.words().get(NODES.words().size());
        String role = path.words().get(path.words().size() - 1);
        return Problem.on(
                name,
                rule.code(),
                "The node " + name + " of " + cluster() + " has the role " + role
                        + ", and the configuration takes it away; pgha cannot do that yet, and " + rule.why(),
                "Give " + name + " the role " + role + " again.");
    }
}
