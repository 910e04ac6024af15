package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.replication.Candidate;
import io.pgha.patroni.internal.replication.Candidates;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.AsynchronousCandidate;
import io.pgha.patroni.operation.Failover;
import io.pgha.patroni.operation.FailoverRefusedException;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One failover to a named member. */
final class FailoverOperation {
    private final Access access;
    private final Failover wanted;

    FailoverOperation(Access access, Failover wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    FailoverResult run() throws InterruptedException {
        ClusterView before = access.reader().view();
        String name = wanted.to().orElseThrow();
        Optional<MemberView> leader = before.leader();
        if (leader.filter(one -> one.name().equals(name)).isPresent()) {
            String note = name + " is the leader already; nothing was done.";
            return new FailoverResult(
                    SwitchoverOutcome.ALREADY_LEADER,
                    Optional.of(name),
                    name,
                    Duration.ZERO,
                    note,
                    before,
                    Optional.empty());
        }
        MemberView candidate = before.member(name)
                .orElseThrow(() -> refused(
                        "there is no member " + name,
                        "name one of "
                                + before.replicas().stream()
                                        .map(MemberView::name)
                                        .collect(Collectors.joining(", "))
                                + ".",
                        List.of()));
        ClusterSettings settings = access.reader().settings();
        checkAsynchronous(candidate, settings);
        LeaderChange.Asked asked = new LeaderChange.Asked(
                LeaderChange.Kind.FAILOVER,
                before,
                leader,
                Optional.of(name),
                Optional.empty(),
                settings,
                wanted.timeout());
        try {
            return result(LeaderChange.run(access, asked), leader.map(MemberView::name), name);
        } catch (LeaderChange.RefusedException e) {
            throw refused(e.why(), e.remedy(), e.candidates() ? Candidates.weigh(access, before, settings) : List.of());
        }
    }

    private void checkAsynchronous(MemberView candidate, ClusterSettings settings) throws InterruptedException {
        if (settings.synchronous() != SynchronousMode.ON || candidate.role() == MemberRole.SYNC_STANDBY) {
            return;
        }
        if (wanted.asynchronousCandidate() == AsynchronousCandidate.REFUSED) {
            throw refused(
                    candidate.name() + " is not synchronous, and synchronous_mode is on: commits may be lost",
                    "name a synchronous standby, or accept it: .asynchronousCandidate(AsynchronousCandidate.ACCEPTED).",
                    List.of());
        }
        Versions.require(
                access,
                List.of(candidate),
                Feature.FAILOVER_TO_ASYNCHRONOUS,
                "A failover to a member that is not synchronous");
    }

    private static FailoverResult result(LeaderChange.Outcome outcome, Optional<String> from, String wanted) {
        String leader = outcome.view().leader().orElseThrow().name();
        List<String> notes = new ArrayList<>();
        outcome.note().ifPresent(notes::add);
        boolean asWanted = leader.equals(wanted);
        if (!asWanted) {
            notes.add(leader + " won instead of " + wanted + ".");
        }
        return new FailoverResult(
                asWanted ? SwitchoverOutcome.SWITCHED : SwitchoverOutcome.SWITCHED_TO_ANOTHER,
                from,
                leader,
                outcome.duration(),
                Text.printable(String.join(" ", notes)),
                outcome.view(),
                Optional.empty());
    }

    private FailoverRefusedException refused(String why, String remedy, List<Candidate> candidates) {
        String verdicts = candidates.isEmpty() ? "" : ". Candidates: " + Candidates.sentence(candidates);
        return new FailoverRefusedException(
                Problem.of(
                        PatroniException.FAILOVER_REFUSED,
                        Text.printable(
                                "The failover to " + wanted.to().orElseThrow() + " did not happen: " + why + verdicts),
                        Text.printable(remedy)),
                Candidates.verdicts(candidates));
    }
}
