package io.pgha.patroni.internal.watch;

import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.config.ConfigDocument;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.watch.ClusterEvent;
import io.pgha.patroni.watch.ClusterEvent.ConfigChanged;
import io.pgha.patroni.watch.ClusterEvent.LagChanged;
import io.pgha.patroni.watch.ClusterEvent.LeaderChanged;
import io.pgha.patroni.watch.ClusterEvent.MemberChanged;
import io.pgha.patroni.watch.ClusterEvent.MemberJoined;
import io.pgha.patroni.watch.ClusterEvent.MemberLeft;
import io.pgha.patroni.watch.ClusterEvent.PauseChanged;
import io.pgha.patroni.watch.ClusterEvent.PendingRestartChanged;
import io.pgha.patroni.watch.ClusterEvent.ScheduledSwitchoverChanged;
import io.pgha.patroni.watch.ClusterEvent.TimelineChanged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Tells two looks at a cluster apart: what concerns the whole comes first, then the members in Patroni's order.
 * Stateless.
 */
final class ClusterChanges {
    private ClusterChanges() {}

    /**
     * Returns what changed.
     *
     * @param timeline the last timeline that a leader was seen on; a leader that is just being promoted has none for a
     *     moment
     */
    static List<ClusterEvent> between(
            ClusterView before, ClusterView after, OptionalInt timeline, long lagThreshold, Instant seen) {
        List<ClusterEvent> events = new ArrayList<>();
        Optional<String> led = before.leader().map(MemberView::name);
        Optional<String> leads = after.leader().map(MemberView::name);
        if (!led.equals(leads)) {
            events.add(new LeaderChanged(seen, led, leads));
        }
        if (timeline(after).isPresent() && timeline.isPresent() && !timeline.equals(timeline(after))) {
            events.add(new TimelineChanged(seen, timeline, timeline(after)));
        }
        if (before.paused() != after.paused()) {
            events.add(new PauseChanged(seen, after.paused()));
        }
        if (!before.scheduledSwitchover().equals(after.scheduledSwitchover())) {
            events.add(new ScheduledSwitchoverChanged(seen, after.scheduledSwitchover()));
        }
        for (MemberView member : after.members()) {
            Optional<MemberView> earlier = before.member(member.name());
            if (earlier.isPresent()) {
                member(events, earlier.get(), member, lagThreshold, seen);
            } else {
                events.add(new MemberJoined(seen, member));
            }
        }
        for (MemberView member : before.members()) {
            if (after.member(member.name()).isEmpty()) {
                events.add(new MemberLeft(seen, member));
            }
        }
        return events;
    }

    static Optional<ClusterEvent> between(@Nullable DynamicConfig before, DynamicConfig after, Instant seen) {
        return before == null || before.equals(after)
                ? Optional.empty()
                : Optional.of(new ConfigChanged(
                        seen,
                        before,
                        after,
                        ConfigMerge.paths(ConfigMerge.patch(ConfigDocument.tree(before), ConfigDocument.tree(after)))));
    }

    private static void member(
            List<ClusterEvent> events, MemberView before, MemberView after, long lagThreshold, Instant seen) {
        if (!before.state().equals(after.state()) || !before.roleName().equals(after.roleName())) {
            events.add(new MemberChanged(seen, before, after));
        }
        if (before.pendingRestart() != after.pendingRestart()
                || !before.pendingRestartReasons().equals(after.pendingRestartReasons())) {
            events.add(new PendingRestartChanged(seen, after));
        }
        if (behind(before, lagThreshold) != behind(after, lagThreshold)) {
            events.add(new LagChanged(seen, after, lagThreshold, behind(after, lagThreshold)));
        }
    }

    private static boolean behind(MemberView member, long threshold) {
        return !member.leads() && (member.lag().isEmpty() || member.lag().getAsLong() > threshold);
    }

    static OptionalInt timeline(ClusterView view) {
        return view.leader().map(MemberView::timeline).orElse(OptionalInt.empty());
    }
}
