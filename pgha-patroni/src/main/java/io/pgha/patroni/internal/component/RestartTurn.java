package io.pgha.patroni.internal.component;

import io.pgha.model.Node;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.view.ClusterView;
import java.util.Optional;
import java.util.Set;

/** When a member's PostgreSQL restarts, where limits change that its leader has a say in ({@link SharedLimits}). */
enum RestartTurn {
    /** Replicas, then the leader; without the replicas that would start with their leader's old limits. */
    LEADER_LAST("patroni:pending-restart", "restart PostgreSQL where a restart is pending") {
        @Override
        String order() {
            return "one member at a time, the leader last";
        }

        @Override
        Node next(Set<Node> remaining, Optional<ClusterView> cluster) {
            return MemberSafety.leaderLast(remaining, cluster);
        }

        @Override
        boolean takes(MemberStatus status, SharedLimits change) {
            return !status.replica() || !change.leaderFirst();
        }

        @Override
        boolean isDue(MemberStatus status, SharedLimits change) {
            return status.pendingRestart() && takes(status, change);
        }
    },
    /** Replicas that can only now have the smaller limits of their leader. */
    BEHIND_LEADER("patroni:pending-restart-behind-leader", "restart PostgreSQL with the smaller limits of its leader") {
        @Override
        String order() {
            return "one member at a time";
        }

        /** Whoever has become the leader meanwhile cannot be behind it. */
        @Override
        Node next(Set<Node> remaining, Optional<ClusterView> cluster) {
            return MemberSafety.leaderFirst(remaining, cluster);
        }

        @Override
        boolean takes(MemberStatus status, SharedLimits change) {
            return status.replica() && !change.shrinking().isEmpty();
        }

        @Override
        boolean isDue(MemberStatus status, SharedLimits change) {
            return status.pendingRestart();
        }
    };

    private final String id;
    private final String title;

    RestartTurn(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** Returns the id of the resource that restarts a member in this turn. */
    String id() {
        return id;
    }

    String title() {
        return title;
    }

    /** Returns how members take turns, as a plan prints it. */
    abstract String order();

    /** Returns the member that is next. */
    abstract Node next(Set<Node> remaining, Optional<ClusterView> cluster);

    /** Returns whether a member that needs a restart has it in this turn. */
    abstract boolean takes(MemberStatus status, SharedLimits change);

    /** Returns whether a member, when its turn has come, waits for a restart that it can have. */
    abstract boolean isDue(MemberStatus status, SharedLimits change);
}
