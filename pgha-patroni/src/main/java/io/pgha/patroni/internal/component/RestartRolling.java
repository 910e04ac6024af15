package io.pgha.patroni.internal.component;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.settings.DynamicSettings;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.patroni.view.ClusterView;
import io.pgha.spi.PlanContext;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Restarts PostgreSQL one member at a time, in one of the {@link RestartTurn}s. Immutable and thread-safe. */
final class RestartRolling implements RollingPolicy {
    private final RestartTurn turn;
    private final WantedConfig dynamic;
    private final Map<Node, String> scripts;
    private final Map<Node, Probe> taken;

    RestartRolling(PlanContext context, RestartTurn turn) {
        this.turn = turn;
        Map<Node, String> all = new HashMap<>();
        context.config()
                .postgresNodes()
                .forEach(node -> all.put(
                        node,
                        quote(PatroniLayout.binDirectory(context, node) + "/pg_controldata") + " -D "
                                + quote(PatroniLayout.dataDirectory(context, node))
                                + " | sed -n 's/^\\(max_[a-z_]*\\) setting: */\\1 /p'"));
        this.scripts = Map.copyOf(all);
        this.dynamic = WantedConfig.of(context, DynamicSettings.Moment.RESTART);
        Map<Node, Probe> copies = new HashMap<>();
        context.config().postgresNodes().forEach(node -> copies.put(node, taken(context, node)));
        this.taken = Map.copyOf(copies);
    }

    /**
     * Patroni keeps a copy of the dynamic configuration beside the data, and writes it when it has passed a change on
     * to PostgreSQL: what a member answers to {@code GET /config} it may not have acted on yet.
     */
    private Probe taken(PlanContext context, Node node) {
        String copy = PatroniLayout.dataDirectory(context, node) + "/patroni.dynamic.json";
        return new Probe("patroni:taken-config", "cat " + quote(copy) + " 2>/dev/null || :", dynamic.json());
    }

    @Override
    public String title() {
        return turn.order();
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        return Set.of(turn.next(remaining, ClusterProbe.ask(context)));
    }

    /**
     * A member restarts when its Patroni has taken the change over; before, PostgreSQL would start with the old values,
     * and nobody would know. A replica takes over the leader's limits as it replays; one that restarts earlier would
     * start with the old ones.
     */
    @Override
    public void awaitSafe(Node node, StepContext context) throws InterruptedException {
        MemberSafety.awaitSafe(node, context);
        Duration rounds = Rounds.patience(context.config().patroni().loopWait());
        Probe copy = taken.get(node);
        if (copy != null) {
            context.await(
                    node,
                    copy,
                    dynamic::agrees,
                    rounds,
                    "Patroni on " + node.name() + " has passed the dynamic configuration on to PostgreSQL");
        }
        Optional<ClusterView> cluster = ClusterProbe.ask(context);
        Optional<Node> leader = context.config().postgresNodes().stream()
                .filter(other -> MemberSafety.leads(other, cluster))
                .findFirst();
        if (leader.isPresent() && !leader.get().equals(node)) {
            Map<String, Long> limits = settings(context.observe(leader.get(), probe(leader.get())));
            context.await(
                    node,
                    probe(node),
                    answer -> settings(answer).equals(limits),
                    rounds,
                    "the limits of the leader " + leader.get().name() + " have reached " + node.name());
        }
    }

    @Override
    public void awaitReady(Node node, StepContext context) throws InterruptedException {
        MemberSafety.awaitServing(node, context);
    }

    private Probe probe(Node node) {
        return new Probe("postgres:limits", scripts.getOrDefault(node, ":"), "");
    }

    private static Map<String, Long> settings(String answer) {
        Map<String, Long> settings = new TreeMap<>();
        answer.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && words[1].matches("[0-9]{1,9}")) {
                settings.put(words[0], Long.valueOf(words[1]));
            }
        });
        return settings;
    }
}
