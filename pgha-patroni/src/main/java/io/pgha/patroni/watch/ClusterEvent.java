package io.pgha.patroni.watch;

import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.ScheduledSwitchover;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A change of the cluster that {@link PatroniClient#watch} saw. Each is an immutable record; later versions may add
 * kinds, so have a default branch.
 */
public sealed interface ClusterEvent {

    /**
     * Returns when it was seen; it happened up to one interval of the watch earlier.
     *
     * @return this machine's time
     */
    Instant seen();

    /**
     * Another member leads, or none, or one again.
     *
     * @param seen when it was seen
     * @param from the leader before, or empty where there was none
     * @param to the leader now, or empty where there is none
     */
    record LeaderChanged(Instant seen, Optional<String> from, Optional<String> to) implements ClusterEvent {}

    /**
     * The leader is on another timeline, as after every promotion.
     *
     * @param seen when it was seen
     * @param from the timeline before
     * @param to the timeline now
     */
    record TimelineChanged(Instant seen, OptionalInt from, OptionalInt to) implements ClusterEvent {}

    /**
     * A member joined.
     *
     * @param seen when it was seen
     * @param member the member as it is now
     */
    record MemberJoined(Instant seen, MemberView member) implements ClusterEvent {}

    /**
     * A member is no longer in the cluster's list.
     *
     * @param seen when it was seen
     * @param member the member as it was last seen
     */
    record MemberLeft(Instant seen, MemberView member) implements ClusterEvent {}

    /**
     * A member's state or role changed.
     *
     * @param seen when it was seen
     * @param before the member before
     * @param after the member now
     */
    record MemberChanged(Instant seen, MemberView before, MemberView after) implements ClusterEvent {}

    /**
     * A member waits for a restart, or no longer does.
     *
     * @param seen when it was seen
     * @param member the member now; {@link MemberView#pendingRestart()} says which
     */
    record PendingRestartChanged(Instant seen, MemberView member) implements ClusterEvent {}

    /**
     * A replica is further behind the leader than the watch's threshold, or no longer is, or its lag became unknown or
     * known.
     *
     * @param seen when it was seen
     * @param member the member now, with its lag
     * @param thresholdBytes the watch's threshold
     * @param behind whether it is behind now; a lag that is unknown counts as behind
     */
    record LagChanged(Instant seen, MemberView member, long thresholdBytes, boolean behind) implements ClusterEvent {}

    /**
     * Maintenance mode was turned on or off.
     *
     * @param seen when it was seen
     * @param paused whether it is on now
     */
    record PauseChanged(Instant seen, boolean paused) implements ClusterEvent {}

    /**
     * A switchover was scheduled, changed, done or deleted.
     *
     * @param seen when it was seen
     * @param switchover what is scheduled now
     */
    record ScheduledSwitchoverChanged(Instant seen, Optional<ScheduledSwitchover> switchover) implements ClusterEvent {}

    /**
     * The dynamic configuration changed.
     *
     * @param seen when it was seen
     * @param before the configuration before
     * @param after the configuration now
     * @param paths what differs, sorted, for example {@code postgresql.parameters.work_mem}
     */
    record ConfigChanged(Instant seen, DynamicConfig before, DynamicConfig after, Set<String> paths)
            implements ClusterEvent {}

    /**
     * No member gives a usable answer any more.
     *
     * @param seen when it was seen
     * @param reason why, with every member's reason
     */
    record Unreachable(Instant seen, PatroniException reason) implements ClusterEvent {}

    /**
     * A member answers again.
     *
     * @param seen when it was seen
     * @param view the cluster now
     */
    record ReachableAgain(Instant seen, ClusterView view) implements ClusterEvent {}
}
