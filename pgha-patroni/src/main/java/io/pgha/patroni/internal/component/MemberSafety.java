package io.pgha.patroni.internal.component;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.patroni.PatroniConfig;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.replication.Candidate;
import io.pgha.patroni.internal.replication.Candidates;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Says in which order members are touched and when it is safe, from what Patroni itself says of the cluster. Stateless
 * and thread-safe.
 */
final class MemberSafety {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private MemberSafety() {}

    /** Returns the member whose turn it is: replicas in the topology's order, the leader last. */
    static Node leaderLast(Set<Node> remaining, Optional<ClusterView> cluster) {
        Set<Node> replicas = new LinkedHashSet<>(remaining);
        replicas.removeIf(node -> leads(node, cluster));
        return (replicas.isEmpty() ? remaining : replicas).iterator().next();
    }

    /** Returns the member whose turn it is: the leader, then replicas in the topology's order. */
    static Node leaderFirst(Set<Node> remaining, Optional<ClusterView> cluster) {
        return remaining.stream()
                .filter(node -> leads(node, cluster))
                .findFirst()
                .orElse(remaining.iterator().next());
    }

    static boolean leads(Node node, Optional<ClusterView> cluster) {
        return cluster.flatMap(ClusterView::leader)
                .map(MemberView::name)
                .filter(node.name()::equals)
                .isPresent();
    }

    /**
     * Waits until a running member may be interrupted: not while maintenance mode is on; a replica while a leader
     * serves; the leader while a replica could take over, where any other member ever may.
     */
    static void awaitSafe(Node node, StepContext context) throws InterruptedException {
        Optional<ClusterView> now = ClusterProbe.ask(context);
        if (now.isPresent()) {
            checkOurs(node, now.get(), context.config());
        }
        if (!leads(node, now)) {
            await(node, context, Replication::objectionToLeader, "a leader serves while " + node.name() + " is away");
            return;
        }
        PatroniConfig patroni = context.config().patroni();
        SynchronousMode mode = Candidates.inForce(patroni.synchronousMode(), now.orElseThrow());
        long lag = patroni.maximumLagOnFailover();
        if (hasHeirs(context.config(), node, mode)) {
            await(
                    node,
                    context,
                    cluster -> withoutHeir(node, cluster, new Candidates(cluster, lag, mode)),
                    "a replica can take over from the leader " + node.name() + " (lag at most " + lag + " bytes)");
        }
    }

    /** Waits until a member accepts writes or replicates, however far it is behind. */
    static void awaitServing(Node node, StepContext context) throws InterruptedException {
        await(
                node,
                context,
                cluster -> notServing(node, cluster),
                "the PostgreSQL of " + node.name() + " leads, or streams from another member");
    }

    private static void checkOurs(Node node, ClusterView cluster, ClusterConfig config) {
        if (cluster.paused()) {
            throw new PgHaException(Problem.on(
                    node.name(),
                    "patroni.paused",
                    "The cluster " + config.name() + " is in maintenance mode; nobody would take over while "
                            + node.name() + " is away",
                    "run: patronictl resume , then plan again. " + node.name() + " was not touched."));
        }
        Optional<String> stranger = cluster.leader()
                .map(MemberView::name)
                .filter(leader -> config.postgresNodes().stream()
                        .noneMatch(ours -> ours.name().equals(leader)));
        if (stranger.isPresent()) {
            throw new PgHaException(Problem.on(
                    node.name(),
                    "patroni.foreign-leader",
                    Text.printable("The cluster " + config.name() + " is led by " + stranger.get()
                            + ", which is none of its configuration's nodes"),
                    "Add it to the topology, or switch over to one of the topology's nodes, then plan again. "
                            + node.name() + " was not touched."));
        }
    }

    /** Returns whether any other member could ever take over. */
    private static boolean hasHeirs(ClusterConfig config, Node leader, SynchronousMode mode) {
        return config.postgresNodes().stream()
                .filter(other -> !other.equals(leader))
                .anyMatch(other -> Candidates.barring(other.tags(), mode).isEmpty());
    }

    /**
     * Returns what keeps the other members from taking over, where something keeps each; whoever leads by now serves.
     */
    private static Optional<String> withoutHeir(Node node, Replication cluster, Candidates candidates) {
        if (cluster.view().leader().isEmpty()) {
            return cluster.objectionToLeader();
        }
        List<Candidate> others = candidates.weigh().stream()
                .filter(candidate -> !candidate.name().equals(node.name()))
                .toList();
        return others.stream().anyMatch(heir -> heir.objection().isEmpty())
                ? Optional.empty()
                : Optional.of(others.isEmpty() ? "it has no replica" : Candidates.sentence(others));
    }

    private static Optional<String> notServing(Node node, Replication cluster) {
        if (cluster.view().leader().isEmpty()) {
            return cluster.objectionToLeader();
        }
        return cluster.view()
                .member(node.name())
                .map(member -> cluster.objection(member))
                .orElse(Optional.of("it is no member of the cluster yet"));
    }

    private static void await(
            Node node, StepContext context, Function<Replication, Optional<String>> objection, String what)
            throws InterruptedException {
        Duration rounds = Rounds.patience(context.config().patroni().loopWait());
        context.awaitNoObjection(
                node,
                ReplicationProbe.of(context.config(), node),
                answer -> ReplicationProbe.parse(answer)
                        .map(objection)
                        .orElse(Optional.of("its Patroni does not tell of the cluster")),
                rounds.compareTo(LIMIT) > 0 ? rounds : LIMIT,
                what);
    }
}
