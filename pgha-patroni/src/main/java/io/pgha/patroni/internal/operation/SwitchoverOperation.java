package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.replication.Candidate;
import io.pgha.patroni.internal.replication.Candidates;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.operation.Switchover;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverRefusedException;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One switchover, from the choice of the candidate to the former leader's return. */
final class SwitchoverOperation {
    private final Access access;
    private final Switchover wanted;
    private final List<String> notes = new ArrayList<>();

    SwitchoverOperation(Access access, Switchover wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    SwitchoverResult run() throws InterruptedException {
        ClusterView before = access.reader().view();
        MemberView leader = before.leader().orElseThrow(() -> noLeader(before));
        if (wanted.to().isPresent() && wanted.to().get().equals(leader.name())) {
            notes.add(leader.name() + " is the leader already; nothing was done.");
            return result(SwitchoverOutcome.ALREADY_LEADER, leader.name(), leader.name(), Duration.ZERO, true, before);
        }
        if (wanted.from().isPresent() && !wanted.from().get().equals(leader.name())) {
            throw refused(
                    leader.name() + " leads, not " + wanted.from().get(),
                    "name the leader in from(…), or leave it out.",
                    List.of());
        }
        ClusterSettings settings = access.reader().settings();
        String candidate = candidate(before, settings);
        before.scheduledSwitchover()
                .ifPresent(old -> notes.add("The switchover that was scheduled for " + old.text() + " is replaced."));
        boolean open = wanted.at().isPresent() && wanted.to().isEmpty();
        LeaderChange.Asked asked = new LeaderChange.Asked(
                LeaderChange.Kind.SWITCHOVER,
                before,
                Optional.of(leader),
                open ? Optional.empty() : Optional.of(candidate),
                wanted.at(),
                settings,
                wanted.timeout());
        try {
            LeaderChange.Outcome outcome = LeaderChange.run(access, asked);
            return outcome.scheduled()
                    ? scheduled(outcome, leader.name(), candidate)
                    : switched(outcome, leader.name(), candidate);
        } catch (LeaderChange.RefusedException e) {
            throw refused(e.why(), e.remedy(), e.candidates() ? Candidates.weigh(access, before, settings) : List.of());
        }
    }

    private String candidate(ClusterView view, ClusterSettings settings) throws InterruptedException {
        if (wanted.to().isPresent()) {
            String name = wanted.to().get();
            if (view.member(name).isEmpty()) {
                throw refused(
                        "there is no member " + name,
                        "name one of "
                                + view.replicas().stream().map(MemberView::name).collect(Collectors.joining(", "))
                                + ".",
                        List.of());
            }
            notes.add(name + " was asked for.");
            return name;
        }
        List<Candidate> candidates = Candidates.weigh(access, view, settings);
        Candidate best = Candidate.best(candidates)
                .orElseThrow(() -> candidates.isEmpty()
                        ? refused("the leader is the only member", "add a replica.", candidates)
                        : refused(
                                "no replica can take over",
                                "bring a replica into order, or name one in to(…).",
                                candidates));
        notes.add(
                wanted.at().isPresent()
                        ? "Patroni chooses then; now it would be " + best.name() + " (" + best.verdict() + ")."
                        : best.name() + " was chosen (" + best.verdict() + ").");
        List<Candidate> others = candidates.stream()
                .filter(other -> !other.name().equals(best.name()))
                .toList();
        if (!others.isEmpty()) {
            notes.add("Others: " + Candidates.sentence(others) + ".");
        }
        return best.name();
    }

    private SwitchoverResult scheduled(LeaderChange.Outcome outcome, String leader, String candidate) {
        outcome.note().ifPresent(notes::add);
        notes.add("Patroni does it at " + wanted.at().orElseThrow() + " if " + leader
                + " still leads then and the cluster is not paused.");
        return result(SwitchoverOutcome.SCHEDULED, leader, candidate, Duration.ZERO, false, outcome.view());
    }

    private SwitchoverResult switched(LeaderChange.Outcome outcome, String former, String candidate)
            throws InterruptedException {
        String leader = outcome.view().leader().orElseThrow().name();
        boolean asWanted = leader.equals(candidate);
        outcome.note().ifPresent(notes::add);
        if (!asWanted) {
            notes.add(leader + " won instead of " + candidate + ".");
        }
        Takeover.Former back = new Takeover(access).awaitFormer(former, outcome.view(), wanted.awaitReplicas());
        back.note().ifPresent(notes::add);
        return result(
                asWanted ? SwitchoverOutcome.SWITCHED : SwitchoverOutcome.SWITCHED_TO_ANOTHER,
                former,
                leader,
                outcome.duration(),
                back.back(),
                back.view());
    }

    private SwitchoverRefusedException refused(String why, String remedy, List<Candidate> candidates) {
        String target = wanted.to().map(name -> " to " + name).orElse("");
        String verdicts = candidates.isEmpty() ? "" : ". Candidates: " + Candidates.sentence(candidates);
        return new SwitchoverRefusedException(
                Problem.of(
                        PatroniException.SWITCHOVER_REFUSED,
                        Text.printable("The switchover" + target + " did not happen: " + why + verdicts),
                        Text.printable(remedy)),
                Candidates.verdicts(candidates));
    }

    private static PatroniException noLeader(ClusterView view) {
        return new PatroniException(
                Problem.of(
                        PatroniException.NO_LEADER,
                        "A switchover needs a leader, and "
                                + Text.printable(view.name().orElse("the cluster")) + " has none",
                        "wait until a member leads, or see why none does: patronictl list, journalctl -u patroni."),
                null);
    }

    private SwitchoverResult result(
            SwitchoverOutcome outcome, String from, String to, Duration duration, boolean back, ClusterView view) {
        return SwitchoverResult.builder()
                .outcome(outcome)
                .from(from)
                .to(to)
                .duration(duration)
                .formerLeaderBack(back)
                .explanation(Text.printable(String.join(" ", notes)))
                .view(view)
                .build();
    }
}
