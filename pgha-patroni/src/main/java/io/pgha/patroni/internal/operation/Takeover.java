package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Sees whether a new leader leads, and whether the former one follows it. */
final class Takeover {
    private final Access access;

    Takeover(Access access) {
        this.access = access;
    }

    /**
     * The former leader after a change.
     *
     * @param back whether it replicates from the new leader
     * @param view the cluster as it was last seen
     * @param note what there is to say, or empty
     */
    record Former(boolean back, ClusterView view, Optional<String> note) {}

    /** Returns the member that leads instead of the old leader, once its PostgreSQL does what a leader's does. */
    Optional<MemberView> newLeader(Optional<MemberView> old, ClusterView view) throws InterruptedException {
        Optional<MemberView> leader = view.leader()
                .filter(member ->
                        old.filter(one -> one.name().equals(member.name())).isEmpty())
                .filter(MemberView::running);
        if (leader.isEmpty()) {
            return leader;
        }
        // Where only this machine cannot reach the new leader, the cluster's word has to do.
        boolean leads = access.status(leader.get())
                .map(status -> Replication.isLeading(leader.get(), status))
                .orElse(true);
        return leads ? leader : Optional.empty();
    }

    /** Waits until a former leader replicates from the new one. */
    Former awaitFormer(String name, ClusterView first, Duration limit) throws InterruptedException {
        ClusterView view = first;
        if (limit.isZero()) {
            return new Former(replicates(view, name), view, Optional.empty());
        }
        Deadline deadline = Deadline.in(limit);
        while (!replicates(view, name)) {
            if (deadline.passed()) {
                return new Former(
                        false,
                        view,
                        Optional.of(name + " did not replicate from the new leader within " + DurationText.of(limit)
                                + " ("
                                + view.member(name).map(MemberView::toString).orElse("it is no member any more")
                                + ")."));
            }
            access.pause();
            view = access.look(deadline).orElse(view);
        }
        return new Former(true, view, Optional.empty());
    }

    static boolean replicates(ClusterView view, String name) {
        boolean saysStreaming = view.patroniVersion()
                .flatMap(PatroniVersion::parse)
                .map(version -> version.has(Feature.REPLICATION_STATE))
                .orElse(false);
        OptionalInt timeline = view.leader().map(MemberView::timeline).orElse(OptionalInt.empty());
        return view.member(name)
                .filter(member -> !member.leads())
                .filter(member -> saysStreaming ? member.streaming() : member.running())
                .filter(member ->
                        timeline.isEmpty() || member.timeline().isEmpty() || timeline.equals(member.timeline()))
                .isPresent();
    }

    /** Returns the members that a change of the leader may be asked of, the most promising first. */
    List<Channel> channels(Optional<MemberView> leader, Optional<MemberView> candidate) {
        List<Channel> channels = new ArrayList<>();
        leader.flatMap(access.rest().members()::channel).ifPresent(channels::add);
        candidate
                .flatMap(access.rest().members()::channel)
                .filter(channel -> leader.isEmpty() && !channels.contains(channel))
                .ifPresent(channels::add);
        access.rest().members().byHope().stream()
                .filter(channel -> !channels.contains(channel))
                .forEach(channels::add);
        return channels;
    }
}
