package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.model.patroni.MemberTags;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.view.ClusterView;
import io.pgha.spi.PlanContext;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts the first member of a new cluster alone, so that it is known who makes it, then everything else that is down
 * together; running members restart one by one, the leader last. Immutable and thread-safe.
 */
final class MemberRolling implements RollingPolicy {
    private static final String EMPTY = "empty inactive";

    private final Map<Node, String> dataDirectories;

    MemberRolling(PlanContext context) {
        Map<Node, String> directories = new HashMap<>();
        context.config()
                .postgresNodes()
                .forEach(node -> directories.put(node, PatroniLayout.dataDirectory(context, node)));
        this.dataDirectories = Map.copyOf(directories);
    }

    @Override
    public String title() {
        return "the first member of a new cluster alone, then the others together; restarts one at a time, the leader last";
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        Map<Node, String> states = new LinkedHashMap<>();
        for (Node node : context.config().postgresNodes()) {
            states.put(node, context.observe(node, probe(node)));
        }
        Optional<ClusterView> cluster = ClusterProbe.ask(context);
        boolean isNew = states.values().stream().allMatch(state -> state.startsWith("empty"))
                && cluster.flatMap(ClusterView::leader).isEmpty();
        Set<Node> down = new LinkedHashSet<>(remaining);
        down.removeIf(node -> active(states, node));
        if (isNew && !down.isEmpty()) {
            return Set.of(founder(down));
        }
        return down.isEmpty() ? Set.of(MemberSafety.leaderLast(remaining, cluster)) : down;
    }

    @Override
    public void awaitSafe(Node node, StepContext context) throws InterruptedException {
        if (context.observe(node, probe(node)).endsWith(" active")) {
            MemberSafety.awaitSafe(node, context);
        }
    }

    @Override
    public void awaitReady(Node node, StepContext context) throws InterruptedException {
        MemberSafety.awaitServing(node, context);
    }

    /** Prints whether there is data, and the unit's state. */
    private Probe probe(Node node) {
        String version = quote(dataDirectories.getOrDefault(node, "") + "/PG_VERSION");
        return new Probe(
                "patroni:member",
                "if [ -s " + version + " ]; then printf 'data '; else printf 'empty '; fi\nsystemctl is-active "
                        + PatroniLayout.UNIT,
                EMPTY);
    }

    private static boolean active(Map<Node, String> states, Node node) {
        return states.getOrDefault(node, EMPTY).endsWith(" active");
    }

    /** A member that may never lead would be a poor first leader. */
    static Node founder(Collection<Node> nodes) {
        return nodes.stream()
                .filter(node -> MemberTags.barring(node.tags()).isEmpty())
                .findFirst()
                .orElse(nodes.iterator().next());
    }
}
