package io.pgha.patroni.internal.component;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says in which order members are touched and when it is safe, from what Patroni itself says of the cluster. Stateless and
 * thread-safe.
 */
final class MemberSafety {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private MemberSafety() {}

    /** Returns what the first member that answers says of the cluster. */
    static Optional<ClusterSnapshot> snapshot(StepContext context) throws InterruptedException {
        for (Node node : context.config().postgresNodes()) {
            Optional<ClusterSnapshot> snapshot =
                    ClusterSnapshot.parse(context.observe(node, ClusterSnapshot.probe(context.config(), node)));
            if (snapshot.isPresent()) {
                return snapshot;
            }
        }
        return Optional.empty();
    }

    /** Returns the member whose turn it is: replicas in the topology's order, the leader last. */
    static Node leaderLast(Set<Node> remaining, Optional<ClusterSnapshot> snapshot) {
        Set<Node> replicas = new LinkedHashSet<>(remaining);
        replicas.removeIf(node -> leads(node, snapshot));
        return (replicas.isEmpty() ? remaining : replicas).iterator().next();
    }

    /** Returns the member whose turn it is: the leader, then replicas in the topology's order. */
    static Node leaderFirst(Set<Node> remaining, Optional<ClusterSnapshot> snapshot) {
        return remaining.stream()
                .filter(node -> leads(node, snapshot))
                .findFirst()
                .orElse(remaining.iterator().next());
    }

    static boolean leads(Node node, Optional<ClusterSnapshot> snapshot) {
        return snapshot.flatMap(ClusterSnapshot::leader)
                .filter(node.name()::equals)
                .isPresent();
    }

    /**
     * Waits until a running member may be interrupted: not while maintenance mode is on; a replica while a leader serves; the
     * leader while a replica could take over, where there is any other member.
     */
    static void awaitSafe(Node node, StepContext context) throws InterruptedException {
        Optional<ClusterSnapshot> now = snapshot(context);
        if (now.map(ClusterSnapshot::paused).orElse(false)) {
            throw new PgHaException(Problem.on(
                    node.name(),
                    "patroni.paused",
                    "The cluster " + context.config().name() + " is in maintenance mode; nobody would take over while "
                            + node.name() + " is away",
                    "run: patronictl resume , then plan again. " + node.name() + " was not touched."));
        }
        long lag = context.config().patroni().maximumLagOnFailover();
        boolean alone = context.config().postgresNodes().size() == 1;
        Predicate<ClusterSnapshot> safe = leads(node, now)
                ? cluster -> alone || cluster.hasCandidateBeside(node.name(), lag)
                : ClusterSnapshot::led;
        String what = leads(node, now)
                ? "a replica can take over from the leader " + node.name() + " (lag at most " + lag + " bytes)"
                : "a leader serves while " + node.name() + " is away";
        await(node, context, safe, what);
    }

    /** Waits until a member leads, or is streamed to. */
    static void awaitServing(Node node, StepContext context) throws InterruptedException {
        context.await(
                node,
                LiveMembers.probe(context.config()),
                answer -> LiveMembers.parse(answer).serves(node.name()),
                LIMIT,
                "the PostgreSQL of " + node.name() + " leads, or streams from another member");
    }

    private static void await(Node node, StepContext context, Predicate<ClusterSnapshot> good, String what)
            throws InterruptedException {
        context.await(
                node,
                ClusterSnapshot.awaited(context.config(), node),
                answer -> ClusterSnapshot.parse(answer).filter(good).isPresent(),
                LIMIT,
                what);
    }
}
