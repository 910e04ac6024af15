package io.pgha.model;

import io.pgha.model.internal.rule.Problems;
import io.pgha.model.internal.text.Scalars;
import io.pgha.model.internal.text.Texts;
import io.pgha.text.Nearest;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks Patroni's tags of one node. */
final class TagRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,62}");
    private static final Set<String> SWITCHES =
            Set.of("nofailover", "noloadbalance", "nosync", "clonefrom", "nostream");
    private static final String NO_FAILOVER = "nofailover";
    private static final String PRIORITY = "failover_priority";
    private static final Set<String> PRIORITIES = Set.of(PRIORITY, "sync_priority");
    private static final String PARENT = "replicatefrom";
    private static final Set<String> KNOWN = Stream.of(SWITCHES, PRIORITIES, Set.of(PARENT))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final Topology topology;
    private final Node node;
    private final Problems problems;

    TagRules(Topology topology, Node node, Problems problems) {
        this.topology = topology;
        this.node = node;
        this.problems = problems;
    }

    void check() {
        if (!node.tags().isEmpty() && !node.has(NodeRole.POSTGRES)) {
            problem(
                    "the tags " + node.tags().keySet() + " have no effect, because Patroni does not run here",
                    "Remove the tags, or give the node the role POSTGRES.");
        }
        node.tags().forEach(this::check);
        contradiction();
    }

    private void contradiction() {
        if (node.tags().get(NO_FAILOVER) instanceof Boolean never
                && node.tags().get(PRIORITY) instanceof Integer priority
                && never == (priority > 0)) {
            problem(
                    "the tags nofailover: " + never + " and failover_priority: " + priority
                            + " contradict each other, and Patroni would go by the first one",
                    "Remove one of the two.");
        }
    }

    private void check(String name, Object value) {
        if (!NAME.matcher(name).matches()) {
            problem("the tag's name " + Texts.quote(name) + " is not letters, digits, _ and -", "Rename the tag.");
        } else if (!Scalars.valid(value)) {
            problem("the tag " + name + " is not one line of text, a number or true/false", "Correct its value.");
        } else if (!KNOWN.contains(name) && Nearest.of(name, KNOWN).isPresent()) {
            problem(
                    "the tag " + name + " is none that Patroni acts on; did you mean "
                            + Nearest.of(name, KNOWN).get() + "?",
                    "Correct it. A tag of your own, which Patroni only shows, needs a name that is less like one of Patroni's.");
        } else if (SWITCHES.contains(name) && !(value instanceof Boolean)) {
            problem(
                    "the tag " + name + " is " + shown(value) + "; Patroni wants true or false",
                    "Write true or false.");
        } else if (PRIORITIES.contains(name) && !(value instanceof Integer)) {
            problem(
                    "the tag " + name + " is " + shown(value) + "; Patroni wants a whole number",
                    "Write a number, for example 1.");
        } else if (name.equals(PARENT)) {
            parent(value);
        }
    }

    private void parent(Object value) {
        boolean known = topology.nodes(NodeRole.POSTGRES).stream()
                .anyMatch(other -> other.name().equals(value) && !other.name().equals(node.name()));
        if (!known) {
            problem(
                    "the tag replicatefrom is " + shown(value) + ", which is no other PostgreSQL node of the topology",
                    "Name one of the other PostgreSQL nodes.");
        } else if (inCircle()) {
            problem(
                    "the tag replicatefrom goes round in a circle, so that none of its members replicates from the leader",
                    "Have one of them replicate from the leader: remove its tag.");
        }
    }

    private boolean inCircle() {
        Optional<Node> next = parentOf(node);
        for (int steps = 0; next.isPresent() && steps < topology.nodes().size(); steps++) {
            if (next.get().equals(node)) {
                return true;
            }
            next = parentOf(next.get());
        }
        return false;
    }

    private Optional<Node> parentOf(Node child) {
        Object name = child.tags().get(PARENT);
        return topology.nodes().stream()
                .filter(other -> other.name().equals(name))
                .findFirst();
    }

    private void problem(String message, String remedy) {
        problems.on(node.name(), "node-tag", message, remedy);
    }

    private static String shown(Object value) {
        return Texts.quote(value.toString());
    }
}
