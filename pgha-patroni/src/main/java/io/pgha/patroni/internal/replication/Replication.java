package io.pgha.patroni.internal.replication;

import io.pgha.model.patroni.MemberTags;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.MemberAnswer;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the replication of a cluster stands at one moment, by what each member says of itself: what is published of
 * members can be one round old. Says for the client and for plans whether a member is in order. Immutable.
 */
public final class Replication {
    private final ClusterView view;
    private final Map<String, MemberAnswer> answers;

    private Replication(ClusterView view, Map<String, MemberAnswer> answers) {
        this.view = view;
        this.answers = Map.copyOf(answers);
    }

    /** Asks all members; empty where the cluster cannot be seen. */
    public static Optional<Replication> look(Access access, Deadline deadline) throws InterruptedException {
        Optional<ClusterView> view = access.look(deadline);
        return view.isEmpty() ? Optional.empty() : Optional.of(of(access, view.get()));
    }

    /** Asks all members, at the same time. */
    public static Replication of(Access access, ClusterView view) throws InterruptedException {
        return of(view, access.reader().probe(view.members()));
    }

    /**
     * Returns how it stands by what was asked in another way.
     *
     * @param view the cluster
     * @param answers what its members say of themselves, by name; one without an address says nothing
     */
    public static Replication of(ClusterView view, Map<String, MemberAnswer> answers) {
        return new Replication(view, answers);
    }

    public ClusterView view() {
        return view;
    }

    /** Returns what a member says of itself, where it says something. */
    public Optional<StatusDocument> status(String name) {
        return Optional.ofNullable(answers.get(name)).flatMap(MemberAnswer::status);
    }

    /** Returns where the leader writes. */
    public OptionalLong leaderLocation() {
        return view.leader()
                .flatMap(leader -> status(leader.name()))
                .map(Replication::position)
                .orElse(OptionalLong.empty());
    }

    /** Returns how many bytes a member is behind the leader by what both say; else by what was published last. */
    OptionalLong lag(MemberView member) {
        OptionalLong now = lagNow(member);
        return now.isPresent() ? now : member.lag();
    }

    private OptionalLong lagNow(MemberView member) {
        OptionalLong here = status(member.name()).map(Replication::position).orElse(OptionalLong.empty());
        OptionalLong there = leaderLocation();
        return here.isPresent() && there.isPresent()
                ? OptionalLong.of(Math.max(0, there.getAsLong() - here.getAsLong()))
                : OptionalLong.empty();
    }

    /** Returns whether a leader says something of itself. */
    boolean leaderAnswers() {
        return view.leader().flatMap(leader -> status(leader.name())).isPresent();
    }

    /** Returns what is wrong with the leader, where something is; that there is none, too. */
    public Optional<String> objectionToLeader() {
        return view.leader().isEmpty()
                ? Optional.of("no member leads")
                : objection(view.leader().get()).map(why -> view.leader().get().name() + ": " + why);
    }

    /** Returns what is wrong with any member other than the given one, where something is. */
    public Optional<String> objectionBeside(String name, long maximumLag) {
        if (view.leader().isEmpty()) {
            return Optional.of("no member leads");
        }
        return view.members().stream()
                .filter(member -> !member.name().equals(name))
                .flatMap(member -> objection(member, maximumLag).map(why -> member.name() + ": " + why).stream())
                .findFirst();
    }

    /** Returns what is wrong with one member, however far it is behind. */
    public Optional<String> objection(MemberView member) {
        return objection(member, Long.MAX_VALUE);
    }

    /** Returns what is wrong with one member: a leader must accept writes, a replica must follow closely. */
    public Optional<String> objection(MemberView member, long maximumLag) {
        Optional<StatusDocument> status = status(member.name());
        if (status.isEmpty()) {
            return Optional.of(silence(member));
        }
        return member.leads()
                ? leads(member, status.get())
                : follows(member, status.get(), streams(member, status.get()), lagNow(member), maximumLag);
    }

    /**
     * Returns what is wrong with a replica where no leader can be asked: what was published last must do, which can be
     * a round old.
     */
    Optional<String> objectionWithoutLeader(MemberView replica) {
        Optional<StatusDocument> status = status(replica.name());
        if (status.isEmpty()) {
            return Optional.of(silence(replica));
        }
        boolean saysSo = Versions.of(status.get())
                .map(version -> version.has(Feature.REPLICATION_STATE))
                .orElse(true);
        boolean published =
                status.get().replicationState().isEmpty() && (saysSo ? replica.streaming() : replica.running());
        return follows(
                replica, status.get(), published || streams(replica, status.get()), lag(replica), Long.MAX_VALUE);
    }

    private String silence(MemberView member) {
        MemberAnswer answer = answers.get(member.name());
        return "its REST API gives no answer"
                + (answer == null ? " (it has no address)" : " (" + answer.failure() + ")");
    }

    /** Returns whether a member that leads does what a leader's PostgreSQL does. */
    public static boolean isLeading(MemberView leader, StatusDocument status) {
        return status.running() && (status.primary() || leader.role() == MemberRole.STANDBY_LEADER);
    }

    private static Optional<String> leads(MemberView member, StatusDocument status) {
        if (isLeading(member, status)) {
            return Optional.empty();
        }
        return Optional.of(
                status.running()
                        ? "it does not accept writes yet"
                        : "not running (" + Text.printable(status.state()) + ")");
    }

    private Optional<String> follows(
            MemberView member, StatusDocument status, boolean streams, OptionalLong lag, long maximumLag) {
        boolean fromArchive = MemberTags.isOn(member.tags(), "nostream");
        if (!status.running() || !(fromArchive || streams)) {
            return Optional.of("not streaming (" + Text.printable(state(member, status)) + ")");
        }
        OptionalInt there = view.leader().map(this::timeline).orElse(OptionalInt.empty());
        OptionalInt here = timeline(member);
        if (there.isPresent() && here.isPresent() && !there.equals(here)) {
            return Optional.of("on timeline " + here.getAsInt() + ", the leader on " + there.getAsInt());
        }
        if (lag.isEmpty()) {
            return Optional.of("its lag is unknown");
        }
        return lag.getAsLong() > maximumLag
                ? Optional.of(Text.bytes(lag.getAsLong()) + " behind, more than " + Text.bytes(maximumLag))
                : Optional.empty();
    }

    /** Patroni before 3.0.4 does not say it of a replica, but every sender names whom it streams to. */
    private boolean streams(MemberView member, StatusDocument status) {
        return status.replicationState().isPresent()
                ? status.replicationState().get().equals("streaming")
                : answers.values().stream()
                        .flatMap(answer -> answer.status().stream())
                        .anyMatch(other -> other.streamsTo().contains(member.name()));
    }

    private static String state(MemberView member, StatusDocument status) {
        return status.running() ? status.replicationState().orElse(member.state()) : status.state();
    }

    private OptionalInt timeline(MemberView member) {
        OptionalInt said = status(member.name()).map(StatusDocument::timeline).orElse(OptionalInt.empty());
        return said.isPresent() ? said : member.timeline();
    }

    private static OptionalLong position(StatusDocument status) {
        return status.location().isPresent() ? status.location() : status.receivedLocation();
    }
}
