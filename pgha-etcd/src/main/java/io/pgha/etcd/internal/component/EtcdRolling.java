package io.pgha.etcd.internal.component;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Command;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.AwaitResource;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Starts the members of a new cluster together (none is ready without a quorum), and touches those of an existing one
 * so that it keeps its quorum: what is down comes up first, then running members restart one by one, then members
 * without data join one by one. Stateless and thread-safe.
 */
final class EtcdRolling implements RollingPolicy {
    private static final Duration SETTLE = Duration.ofSeconds(30);

    @Override
    public String title() {
        return "new members of a new cluster together, otherwise one at a time while all others are healthy";
    }

    @Override
    public Set<Node> next(Set<Node> remaining, StepContext context) throws InterruptedException {
        Map<Node, MemberState> states = states(context);
        if (states.values().stream().noneMatch(MemberState::established)) {
            return remaining;
        }
        Set<Node> down = select(remaining, states, state -> state.data() && !state.active());
        if (!down.isEmpty()) {
            return down;
        }
        Set<Node> running = select(remaining, states, MemberState::data);
        return Set.of((running.isEmpty() ? remaining : running).iterator().next());
    }

    @Override
    public void awaitSafe(Node node, StepContext context) throws InterruptedException {
        Map<Node, MemberState> states = states(context);
        MemberState state = states.getOrDefault(node, MemberState.parse(""));
        boolean founding = states.values().stream().noneMatch(MemberState::established);
        if (!state.data()) {
            context.run(node, Command.sh(founding ? JoinScript.FOUND : JoinScript.JOIN));
        }
        if (founding || (state.data() && !state.active())) {
            return;
        }
        List<Node> others = new ArrayList<>(states.keySet());
        others.remove(node);
        List<Node> down = unhealthy(others, context);
        int members = (int) states.values().stream().filter(MemberState::data).count();
        int left = others.size() - down.size();
        boolean harmless = state.data() && down.isEmpty();
        if (left < members / 2 + 1 && !harmless) {
            throw refusal(context.config(), node, state, left, members, down);
        }
    }

    @Override
    public void awaitReady(Node node, StepContext context) throws InterruptedException {
        AwaitResource ready = EtcdComponent.ready(context.config(), node);
        try {
            context.await(node, ready.probe(), "ok"::equals, ready.limit(), ready.condition());
        } catch (PgHaException e) {
            if (!e.code().equals("run.wait-timeout")) {
                throw e;
            }
            String journal = context.run(node, Command.sh("journalctl -u etcd -n 20 --no-pager -o cat"))
                    .stdout();
            throw new PgHaException(
                    Problem.on(
                            node.name(),
                            "etcd.not-ready",
                            "etcd was started but does not serve: "
                                    + e.problem().message() + "\n" + journal.stripTrailing(),
                            "Look at: journalctl -u etcd on " + node.name() + ", mend what it names, then plan again."),
                    e);
        }
    }

    private static Map<Node, MemberState> states(StepContext context) throws InterruptedException {
        Map<Node, MemberState> states = new LinkedHashMap<>();
        for (Node node : context.config().etcdNodes()) {
            states.put(node, MemberState.parse(context.observe(node, MemberState.probe(context.config()))));
        }
        return states;
    }

    private static Set<Node> select(
            Set<Node> remaining, Map<Node, MemberState> states, Predicate<MemberState> condition) {
        return remaining.stream()
                .filter(node -> condition.test(states.getOrDefault(node, MemberState.parse(""))))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Gives a member that has just been touched time to come back before it counts as down. */
    private static List<Node> unhealthy(List<Node> members, StepContext context) throws InterruptedException {
        List<Node> down = new ArrayList<>();
        for (Node member : members) {
            AwaitResource ready = EtcdComponent.ready(context.config(), member);
            MemberState state = MemberState.parse(context.observe(member, MemberState.probe(context.config())));
            Duration limit = state.active() ? SETTLE : Duration.ZERO;
            try {
                context.await(member, ready.probe(), "ok"::equals, limit, ready.condition());
            } catch (PgHaException e) {
                if (!e.code().equals("run.wait-timeout")) {
                    throw e;
                }
                down.add(member);
            }
        }
        return down;
    }

    private static PgHaException refusal(
            ClusterConfig config, Node node, MemberState state, int left, int members, List<Node> down) {
        String names = down.stream().map(Node::name).collect(Collectors.joining(", "));
        String message = state.data()
                ? "Restarting " + node.name() + " now would leave " + left + " of " + members
                        + " etcd members; quorum needs " + (members / 2 + 1) + " (" + names + " down)"
                : "The etcd member " + node.name() + " has no data and cannot join " + config.name() + ": " + left
                        + " of " + members + " members are healthy; quorum needs " + (members / 2 + 1);
        String remedy = state.data()
                ? "bring " + names + " back (systemctl status etcd), then plan again. " + node.name()
                        + " was not touched."
                : "start etcd where its data is (" + EtcdLayout.dataDirectory(config)
                        + "), then plan again. If the data of a majority is lost, restore a snapshot.";
        return new PgHaException(Problem.on(node.name(), "etcd.quorum", message, remedy));
    }
}
