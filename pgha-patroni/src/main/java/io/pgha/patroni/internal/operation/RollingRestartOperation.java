package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.OutcomeUnknownException;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.LeaderRestart;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.RestartCondition;
import io.pgha.patroni.operation.RollingRestart;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.operation.Switchover;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import io.pgha.run.MaintenanceClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A restart of all members' PostgreSQL, one at a time, with the whole replication in order before each.
 *
 * <p>Replicas go first and the leader last. Where limits shrink that a standby needs as much of as its primary, and
 * none grows, the leader goes first: a replica that restarts before has the old limit forced on it. Patroni before 3.3
 * does not say which way they change, and some may grow while others shrink: then replicas go first, which is never
 * unsafe, and those that still wait for a restart after the leader's have another one.
 */
public final class RollingRestartOperation {
    private static final String REMEDY =
            "see PostgreSQL's and Patroni's log on the member in question, bring it into order, then ask again.";

    private final Access access;
    private final RollingRestart wanted;
    private final List<MemberResult> results = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> remaining = new ArrayList<>();
    private long maximumLag;
    private ClusterSettings settings = ClusterSettings.DEFAULT;

    public RollingRestartOperation(Access access, RollingRestart wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    /** Whatever goes wrong once a member was restarted, what was done is told. */
    public RollingRestartResult run() throws InterruptedException {
        try {
            return roll();
        } catch (OperationFailedException | OutcomeUnknownException e) {
            throw e;
        } catch (MaintenanceClosedException e) {
            throw Results.closed("rolling restart", e, withRemaining());
        } catch (PatroniException e) {
            if (results.stream().noneMatch(result -> result.outcome() == MemberOutcome.DONE)) {
                throw e;
            }
            OperationFailedException stopped =
                    Results.stopped("rolling restart", e.problem().message(), withRemaining(), e.remedy());
            stopped.addSuppressed(e);
            throw stopped;
        }
    }

    private RollingRestartResult roll() throws InterruptedException {
        settings = access.reader().settings();
        maximumLag = wanted.maximumLag().orElse(settings.maximumLag());
        Replication first = Replication.of(access, access.reader().view());
        MemberView leader = check(first);
        Replication now =
                wanted.condition() == RestartCondition.PENDING ? PendingLook.again(access, first, settings) : first;
        List<String> names = new ArrayList<>();
        for (MemberView member : Selection.of(now.view(), List.of(), MemberSelector.ANY)) {
            if (wanted.condition() == RestartCondition.PENDING
                    && !now.status(member.name())
                            .map(StatusDocument::pendingRestart)
                            .orElse(true)) {
                results.add(Results.of(member.name(), MemberOutcome.SKIPPED, "no restart is pending"));
            } else {
                names.add(member.name());
            }
        }
        boolean withLeader = names.remove(leader.name());
        remaining.addAll(names);
        SharedLimits limits = SharedLimits.of(
                now.status(leader.name()).map(StatusDocument::pendingReasons).orElseThrow());
        boolean leaderFirst = withLeader && limits.leaderFirst();
        if (withLeader) {
            remaining.add(leaderFirst ? 0 : remaining.size(), leader.name());
        }
        notes.add(
                leaderFirst
                        ? "The leader first, because " + String.join(", ", limits.shrinking())
                                + " shrinks and no replica can have less than its leader."
                        : "Replicas first, the leader last.");
        if (leaderFirst) {
            restartLeader(leader.name(), true);
        }
        OptionalLong limitsKnownAt = leaderFirst ? leaderPosition() : OptionalLong.empty();
        for (String name : names) {
            restartReplica(name, limitsKnownAt);
        }
        if (withLeader && !leaderFirst) {
            boolean inPlace = !limits.shrinking().isEmpty()
                    || (wanted.leader() == LeaderRestart.SWITCHOVER
                            && !stillPending(names).isEmpty());
            restartLeader(leader.name(), inPlace);
            again(stillPending(names));
        }
        await(look -> look.objectionBeside("", maximumLag), "after the last restart");
        PendingLook.afterAll(access, Replication.of(access, access.reader().view()), settings);
        return new RollingRestartResult(
                results,
                Text.printable(String.join(" ", notes)),
                access.reader().view(),
                Optional.empty());
    }

    /** Returns the leader, where everything is fit for a start. */
    private MemberView check(Replication now) {
        if (now.view().paused()) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.PAUSED,
                            "The cluster is in maintenance mode: nobody would take over if a restart failed",
                            "resume first: patroni.resume(r -> r). Nothing was restarted."),
                    null);
        }
        return now.view()
                .leader()
                .filter(leader -> now.status(leader.name()).isPresent())
                .orElseThrow(() -> new PatroniException(
                        Problem.of(
                                PatroniException.NO_LEADER,
                                "A rolling restart needs a leader that answers, and there is none",
                                "see why none leads: patronictl list, journalctl -u patroni. Nothing was restarted."),
                        null));
    }

    private void restartReplica(String name, OptionalLong limitsKnownAt) throws InterruptedException {
        await(look -> look.objectionBeside(name, maximumLag), "before " + name + " is restarted");
        if (limitsKnownAt.isPresent()) {
            await(
                    look -> replayed(look, name, limitsKnownAt.getAsLong()),
                    "before " + name + " is restarted with the leader's new limits");
        }
        restartInPlace(name);
        awaitServing(name);
    }

    private void restartLeader(String name, boolean inPlace) throws InterruptedException {
        await(look -> look.objectionBeside(name, maximumLag), "before the leader " + name + " is restarted");
        ClusterView view = access.reader().view();
        boolean stillLeads = view.member(name).filter(MemberView::leads).isPresent();
        if (wanted.leader() == LeaderRestart.IN_PLACE || view.replicas().isEmpty() || !stillLeads) {
            restartInPlace(name);
        } else if (inPlace) {
            notes.add(name + " was restarted in place: limits that shrink must shrink on the leader first.");
            restartInPlace(name);
        } else {
            switchAway(name);
        }
        awaitServing(name);
    }

    private void restartInPlace(String name) throws InterruptedException {
        Restart restart = Restart.builder().limit(wanted.limit()).build();
        MemberView member = Selection.one(access.reader().view(), name);
        MemberResult result = new MemberRestart(access, restart, settings).run(member);
        results.add(result);
        remaining.remove(name);
        if (result.outcome() != MemberOutcome.DONE) {
            throw stopped();
        }
    }

    /** A leader that hands over stops and starts again as a replica: that is its restart. */
    private void switchAway(String name) throws InterruptedException {
        Optional<String> before = postmaster(name);
        Switchover away =
                Switchover.builder().from(name).awaitReplicas(wanted.limit()).build();
        SwitchoverResult result = new SwitchoverOperation(access, away).run();
        notes.add(result.to() + " took over from " + name + ".");
        Optional<String> after = postmaster(name);
        if (after.isPresent() && !after.equals(before)) {
            results.add(Results.of(
                    name, MemberOutcome.DONE, "restarted as a replica of " + result.to(), result.duration()));
            remaining.remove(name);
        } else {
            restartInPlace(name);
        }
    }

    private Optional<String> postmaster(String name) throws InterruptedException {
        return access.status(Selection.one(access.reader().view(), name)).flatMap(StatusDocument::postmasterStart);
    }

    /**
     * Returns the replicas that wait for a restart although they had one: a limit shrinks, and their leader had the old
     * one.
     */
    private List<String> stillPending(List<String> restarted) throws InterruptedException {
        Replication look = PendingLook.afterStart(
                access, Replication.of(access, access.reader().view()), settings);
        return restarted.stream()
                .filter(name ->
                        look.status(name).map(StatusDocument::pendingRestart).orElse(false))
                .filter(name ->
                        look.view().member(name).filter(MemberView::leads).isEmpty())
                .toList();
    }

    private void again(List<String> names) throws InterruptedException {
        if (names.isEmpty()) {
            return;
        }
        notes.add(String.join(", ", names) + " again, after the leader: limits shrink.");
        remaining.addAll(names);
        OptionalLong limitsKnownAt = leaderPosition();
        for (String name : names) {
            restartReplica(name, limitsKnownAt);
        }
    }

    private OptionalLong leaderPosition() throws InterruptedException {
        return Replication.of(access, access.reader().view()).leaderLocation();
    }

    private static Optional<String> replayed(Replication look, String name, long position) {
        OptionalLong here =
                look.status(name).map(StatusDocument::replayedLocation).orElse(OptionalLong.empty());
        return here.isPresent() && here.getAsLong() >= position
                ? Optional.empty()
                : Optional.of(name + " has not replayed what the leader wrote");
    }

    private void awaitServing(String name) throws InterruptedException {
        await(
                look -> look.view()
                        .member(name)
                        .map(member -> look.objection(member, maximumLag).map(why -> name + ": " + why))
                        .orElse(Optional.of(name + " is no member any more")),
                "after the restart of " + name);
    }

    private void await(Function<Replication, Optional<String>> objection, String when) throws InterruptedException {
        Duration limit = wanted.awaitReplicas();
        Deadline deadline = Deadline.in(limit);
        while (true) {
            Optional<Replication> look = Replication.look(access, access.rest().oneRequest());
            Optional<String> why = look.isPresent() ? objection.apply(look.get()) : Optional.of("nothing can be seen");
            if (why.isEmpty()) {
                return;
            }
            if (deadline.passed()) {
                throw Results.stopped("rolling restart", why.get() + ", " + when, withRemaining(), REMEDY);
            }
            access.pause();
        }
    }

    private PatroniException stopped() {
        return Results.exception("rolling restart", withRemaining(), REMEDY);
    }

    private List<MemberResult> withRemaining() {
        List<MemberResult> all = new ArrayList<>(results);
        remaining.forEach(name -> all.add(Results.of(name, MemberOutcome.NOT_ASKED, "left as it was")));
        return all;
    }
}
