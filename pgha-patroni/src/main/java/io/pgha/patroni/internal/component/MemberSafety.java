package io.pgha.patroni.internal.component;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.patroni.FailoverTags;
import io.pgha.patroni.internal.replication.Candidates;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
     * serves; the leader while a replica could take over, where any other member may lead.
     */
    static void awaitSafe(Node node, StepContext context) throws InterruptedException {
        ClusterConfig config = context.config();
        Optional<ClusterView> now = ClusterProbe.ask(context);
        if (now.map(ClusterView::paused).orElse(false)) {
            throw new PgHaException(Problem.on(
                    node.name(),
                    "patroni.paused",
                    "The cluster " + config.name() + " is in maintenance mode; nobody would take over while "
                            + node.name() + " is away",
                    "run: patronictl resume , then plan again. " + node.name() + " was not touched."));
        }
        if (!leads(node, now)) {
            await(
                    node,
                    context,
                    cluster -> cluster.objectionToLeader().isEmpty(),
                    "a leader serves while " + node.name() + " is away");
        } else if (hasHeirs(config, node)) {
            long lag = config.patroni().maximumLagOnFailover();
            await(
                    node,
                    context,
                    cluster -> new Candidates(cluster, lag, config.patroni().synchronousMode())
                            .weigh().stream()
                                    .anyMatch(candidate -> !candidate.name().equals(node.name())
                                            && candidate.objection().isEmpty()),
                    "a replica can take over from the leader " + node.name() + " (lag at most " + lag + " bytes)");
        }
    }

    /** Waits until a member accepts writes or replicates, however far it is behind. */
    static void awaitServing(Node node, StepContext context) throws InterruptedException {
        await(
                node,
                context,
                cluster -> cluster.view()
                        .member(node.name())
                        .filter(member -> cluster.objection(member).isEmpty())
                        .isPresent(),
                "the PostgreSQL of " + node.name() + " leads, or streams from another member");
    }

    /** Returns whether any other member is allowed to lead. */
    private static boolean hasHeirs(ClusterConfig config, Node leader) {
        return config.postgresNodes().stream()
                .filter(other -> !other.equals(leader))
                .anyMatch(other -> FailoverTags.barring(other.tags()).isEmpty());
    }

    private static void await(Node node, StepContext context, Predicate<Replication> good, String what)
            throws InterruptedException {
        context.await(
                node,
                ReplicationProbe.of(context.config(), node),
                answer -> ReplicationProbe.parse(answer).filter(good).isPresent(),
                LIMIT,
                what);
    }
}
