package io.pgha.patroni.internal.operation;

import io.pgha.client.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How the replication of a cluster stands at one moment, by what each member says of itself. Immutable. */
final class Replication {
    private final ClusterView view;
    private final Map<String, ClusterReader.Probe> probes;

    private Replication(ClusterView view, Map<String, ClusterReader.Probe> probes) {
        this.view = view;
        this.probes = probes;
    }

    /** Asks all members; empty where the cluster cannot be seen. */
    static Optional<Replication> look(Access access, Deadline deadline) throws InterruptedException {
        Optional<ClusterView> view = access.look(deadline);
        return view.isEmpty() ? Optional.empty() : Optional.of(of(access, view.get()));
    }

    static Replication of(Access access, ClusterView view) throws InterruptedException {
        return new Replication(view, access.reader().probe(view.members()));
    }

    ClusterView view() {
        return view;
    }

    Map<String, ClusterReader.Probe> probes() {
        return probes;
    }

    Optional<StatusDocument> status(String name) {
        return Optional.ofNullable(probes.get(name)).flatMap(ClusterReader.Probe::status);
    }

    /** Returns where the leader writes. */
    OptionalLong leaderLocation() {
        return view.leader()
                .flatMap(leader -> status(leader.name()))
                .map(Replication::position)
                .orElse(OptionalLong.empty());
    }

    /** Returns what is wrong with any member other than the given one, where something is. */
    Optional<String> objectionBeside(String name, long maximumLag) {
        if (view.leader().isEmpty()) {
            return Optional.of("no member leads");
        }
        return view.members().stream()
                .filter(member -> !member.name().equals(name))
                .flatMap(member -> objection(member, maximumLag).stream())
                .findFirst();
    }

    /** Returns what is wrong with one member: a leader must accept writes, a replica must follow closely. */
    Optional<String> objection(MemberView member, long maximumLag) {
        Optional<StatusDocument> status = status(member.name());
        if (status.isEmpty()) {
            ClusterReader.Probe probe = probes.get(member.name());
            return Optional.of(member.name() + " gives no answer"
                    + (probe == null ? " (it has no address)" : " (" + probe.failure() + ")"));
        }
        if (!status.get().running()) {
            return Optional.of(member.name() + " is " + status.get().state());
        }
        if (member.leads()) {
            boolean leads = status.get().primary() || member.role() == MemberRole.STANDBY_LEADER;
            return leads ? Optional.empty() : Optional.of(member.name() + " does not accept writes yet");
        }
        return follows(member, status.get(), maximumLag).map(why -> member.name() + " " + why);
    }

    private Optional<String> follows(MemberView member, StatusDocument status, long maximumLag) {
        boolean fromArchive = "true".equals(member.tags().get("nostream"));
        if (!fromArchive && !streams(member.name(), status)) {
            return Optional.of("is not streaming");
        }
        Optional<StatusDocument> leader = view.leader().flatMap(one -> status(one.name()));
        if (leader.isPresent()
                && leader.get().timeline().isPresent()
                && status.timeline().isPresent()
                && !leader.get().timeline().equals(status.timeline())) {
            return Optional.of("is on another timeline than the leader");
        }
        OptionalLong here = position(status);
        OptionalLong there = leaderLocation();
        if (here.isEmpty() || there.isEmpty()) {
            return Optional.of("is behind by nobody knows how much");
        }
        long lag = there.getAsLong() - here.getAsLong();
        return lag > maximumLag
                ? Optional.of("is " + Text.bytes(lag) + " behind, more than " + Text.bytes(maximumLag))
                : Optional.empty();
    }

    /** Patroni before 3.0.4 does not say it of a replica, but every sender names whom it streams to. */
    private boolean streams(String name, StatusDocument status) {
        return status.replicationState().filter("streaming"::equals).isPresent()
                || probes.values().stream()
                        .flatMap(probe -> probe.status().stream())
                        .anyMatch(other -> other.streamsTo().contains(name));
    }

    private static OptionalLong position(StatusDocument status) {
        return status.location().isPresent() ? status.location() : status.receivedLocation();
    }
}
