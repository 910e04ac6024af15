package io.pgha.patroni;

import io.pgha.Problem;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One switchover, from the choice of the candidate to the former leader's return.
 *
 * <p>The request is sent once. It is sent to another member only when the first certainly did not get it; whatever else goes
 * wrong, the cluster is looked at until it shows what happened.
 */
final class SwitchoverOperation {
    private static final Set<Integer> PATRONIS_REFUSALS = Set.of(400, 411, 412, 422);

    private final Rest rest;
    private final ClusterReader reader;
    private final Timing timing;
    private final Switchover wanted;
    private final List<String> notes = new ArrayList<>();

    SwitchoverOperation(Rest rest, ClusterReader reader, Timing timing, Switchover wanted) {
        this.rest = rest;
        this.reader = reader;
        this.timing = timing;
        this.wanted = wanted;
    }

    /** Everything that was known when the request was sent. */
    private record Sent(
            ClusterView before,
            MemberView leader,
            String candidate,
            ClusterSettings settings,
            OptionalInt history,
            Deadline deadline) {}

    SwitchoverResult run() throws InterruptedException {
        ClusterView before = reader.view();
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
        ClusterSettings settings = reader.settings();
        String candidate = candidate(before, settings);
        before.scheduledSwitchover()
                .ifPresent(old -> notes.add("The switchover that was scheduled for " + old.text() + " is replaced."));
        OptionalInt history = reader.historyLength();
        Sent sent = new Sent(before, leader, candidate, settings, history, Deadline.in(wanted.timeout()));
        return decide(sent, send(sent));
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
        List<Candidate> candidates = Candidates.weigh(reader, view, settings);
        Candidate best = Candidate.best(candidates)
                .orElseThrow(() -> candidates.isEmpty()
                        ? refused("the leader is the only member", "add a replica.", candidates)
                        : refused(
                                "no replica can take over",
                                "bring a replica into order, or name one in to(…).",
                                candidates));
        notes.add(best.name() + " was chosen (" + best.verdict() + ").");
        List<Candidate> others = candidates.stream()
                .filter(other -> !other.name().equals(best.name()))
                .toList();
        if (!others.isEmpty()) {
            notes.add("Others: " + Candidates.sentence(others) + ".");
        }
        return best.name();
    }

    private Reply send(Sent sent) throws InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("leader", sent.leader().name());
        body.put("candidate", sent.candidate());
        wanted.at().ifPresent(at -> body.put("scheduled_at", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at)));
        Request request = Request.post("/switchover", Json.write(body));
        Duration patience = patronisPatience(sent.settings()).plus(timing.margin());

        List<Channel> channels = new ArrayList<>();
        rest.members().channel(sent.leader()).ifPresent(channels::add);
        rest.members().byHope().stream()
                .filter(channel -> !channels.contains(channel))
                .forEach(channels::add);
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        for (Channel channel : channels) {
            Reply reply = rest.ask(channel, request, sent.deadline().atMost(patience));
            if (reply instanceof Reply.NoAnswer none && none.certainlyNotProcessed()) {
                failures.put(channel, Failure.of(none));
                channel.shun();
                continue;
            }
            if (reply instanceof Reply.Answer answer && (answer.status() == 401 || answer.status() == 403)) {
                throw Failure.of(answer).at(channel, request);
            }
            if (reply instanceof Reply.Answer answer && notPatronis(answer)) {
                throw Failure.of(answer).at(channel, request);
            }
            return reply;
        }
        throw Failure.ofAll(request, failures);
    }

    private SwitchoverResult decide(Sent sent, Reply reply) throws InterruptedException {
        if (reply instanceof Reply.Answer answer) {
            if (answer.status() == 200 && wanted.at().isEmpty()) {
                return watch(sent, "Patroni said " + answer.message(), Verdict.DONE);
            }
            if (answer.status() == 202 && wanted.at().isPresent()) {
                notes.add("Patroni does it at " + wanted.at().get() + " if "
                        + sent.leader().name() + " still leads then and the cluster is not paused.");
                return result(
                        SwitchoverOutcome.SCHEDULED,
                        sent.leader().name(),
                        sent.candidate(),
                        Duration.ZERO,
                        false,
                        sent.before());
            }
            String refusal = "Patroni refused with " + answer.status() + " " + answer.message();
            if (answer.status() == 412) {
                throw noGoodCandidate(sent, refusal);
            }
            if (answer.status() >= 400 && answer.status() < 500) {
                throw refused(refusal, "change the request accordingly.", List.of());
            }
            boolean tried = answer.status() == 503 && answer.text().strip().matches("(Switchover|Failover) failed");
            boolean pending = answer.status() == 503 && answer.text().contains("status unknown");
            return watch(
                    sent,
                    "Patroni answered " + answer.status() + " with " + answer.message(),
                    tried ? Verdict.FAILED : pending ? Verdict.PENDING : Verdict.OPEN);
        }
        Reply.NoAnswer none = (Reply.NoAnswer) reply;
        return watch(sent, "Patroni's answer was lost: " + Failure.of(none).text(), Verdict.OPEN);
    }

    /** What Patroni's reply says about the request. */
    private enum Verdict {
        /** It was done. */
        DONE,
        /** It was tried and given up. */
        FAILED,
        /** It was not done in time and may still be. */
        PENDING,
        /** Anything may have happened. */
        OPEN
    }

    /** Looks at the cluster until it shows what happened. */
    private SwitchoverResult watch(Sent sent, String said, Verdict verdict) throws InterruptedException {
        PatroniException last = null;
        while (true) {
            try {
                ClusterView view = reader.view(sent.deadline());
                last = null;
                if (wanted.at().isPresent()) {
                    if (scheduled(sent, view)) {
                        notes.add(said + "; the cluster shows that the switchover is scheduled.");
                        return result(
                                SwitchoverOutcome.SCHEDULED,
                                sent.leader().name(),
                                sent.candidate(),
                                Duration.ZERO,
                                false,
                                view);
                    }
                } else if (newLeader(sent, view).isPresent()) {
                    return switched(sent, said, verdict, view);
                }
                if (stayed(sent, view) && certainByNow(sent, verdict)) {
                    throw notDone(sent, said);
                }
            } catch (PatroniException e) {
                if (e instanceof SwitchoverRefusedException || e instanceof OutcomeUnknownException) {
                    throw e;
                }
                rest.checkOpen();
                last = e; // during a switchover members may be away for a moment; the deadline ends the waiting
            }
            if (sent.deadline().passed()) {
                throw unknown(sent, said, last);
            }
            rest.pause(timing.poll());
        }
    }

    /** Returns the member that leads instead of the old leader, once its PostgreSQL does what a leader's does. */
    private Optional<MemberView> newLeader(Sent sent, ClusterView view) throws InterruptedException {
        Optional<MemberView> leader = view.leader()
                .filter(member -> !member.name().equals(sent.leader().name()))
                .filter(MemberView::running);
        if (leader.isEmpty()) {
            return leader;
        }
        ClusterReader.Probe probe =
                reader.probe(List.of(leader.get())).get(leader.get().name());
        // Where only this machine cannot reach the new leader, the cluster's word has to do.
        boolean leads = probe == null
                || probe.status()
                        .map(status -> status.running()
                                && (status.primary() || leader.get().role() == MemberRole.STANDBY_LEADER))
                        .orElse(true);
        return leads ? leader : Optional.empty();
    }

    private SwitchoverResult switched(Sent sent, String said, Verdict verdict, ClusterView view)
            throws InterruptedException {
        Duration duration = sent.deadline().elapsed();
        String leader = view.leader().orElseThrow().name();
        boolean asWanted = leader.equals(sent.candidate());
        if (verdict != Verdict.DONE) {
            notes.add(said + "; the cluster shows that " + leader + " leads.");
        }
        if (!asWanted) {
            notes.add(leader + " won instead of " + sent.candidate() + ".");
        }
        Former former = awaitFormer(sent, view);
        return result(
                asWanted ? SwitchoverOutcome.SWITCHED : SwitchoverOutcome.SWITCHED_TO_ANOTHER,
                sent.leader().name(),
                leader,
                duration,
                former.back(),
                former.view());
    }

    private record Former(boolean back, ClusterView view) {}

    private Former awaitFormer(Sent sent, ClusterView first) throws InterruptedException {
        String name = sent.leader().name();
        ClusterView view = first;
        if (wanted.awaitReplicas().isZero()) {
            return new Former(replicates(view, name), view);
        }
        Deadline deadline = Deadline.in(wanted.awaitReplicas());
        while (!replicates(view, name)) {
            if (deadline.passed()) {
                notes.add(name + " did not replicate from the new leader within " + Text.of(deadline.length()) + " ("
                        + view.member(name).map(MemberView::toString).orElse("it is no member any more") + ").");
                return new Former(false, view);
            }
            rest.pause(timing.poll());
            try {
                view = reader.view(deadline);
            } catch (PatroniException e) {
                rest.checkOpen(); // the switchover is done; a look that fails is repeated until the deadline
            }
        }
        return new Former(true, view);
    }

    private static boolean replicates(ClusterView view, String name) {
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

    private boolean scheduled(Sent sent, ClusterView view) {
        return view.scheduledSwitchover()
                .filter(shown -> shown.at().isPresent()
                        && wanted.at().isPresent()
                        && shown.at().get().toInstant().equals(wanted.at().get().toInstant())
                        && shown.to().equals(Optional.of(sent.candidate())))
                .isPresent();
    }

    private static boolean stayed(Sent sent, ClusterView view) {
        return view.leader()
                .filter(leader -> leader.name().equals(sent.leader().name())
                        && leader.running()
                        && leader.timeline().equals(sent.leader().timeline()))
                .isPresent();
    }

    /**
     * Returns whether an unchanged leader now means that there will be no switchover. After an answer that was lost, Patroni may
     * still be retrying its write to etcd, and the leader acts on it in its next round: only when both times have passed is the
     * request either done or cleared.
     */
    private boolean certainByNow(Sent sent, Verdict verdict) {
        return switch (verdict) {
            case FAILED -> true;
            case DONE, PENDING -> false;
            case OPEN ->
                sent.deadline()
                                .elapsed()
                                .compareTo(patronisPatience(sent.settings())
                                        .plus(sent.settings().retryTimeout().multipliedBy(2)))
                        > 0;
        };
    }

    /** Returns how long Patroni itself waits for a switchover: twice the larger of 10 s and loop_wait. */
    private Duration patronisPatience(ClusterSettings settings) {
        Duration longer = settings.loopWait().compareTo(timing.switchoverFloor()) > 0
                ? settings.loopWait()
                : timing.switchoverFloor();
        return longer.multipliedBy(2);
    }

    /** Returns whether something else than a Patroni that understood sent the answer, so that nothing was done. */
    private static boolean notPatronis(Reply.Answer answer) {
        boolean refusal = PATRONIS_REFUSALS.contains(answer.status());
        return (answer.status() >= 300 && answer.status() < 500 && !refusal) || answer.status() == 501;
    }

    private PatroniException notDone(Sent sent, String said) throws InterruptedException {
        OptionalInt history = reader.historyLength();
        if (sent.history().isPresent()
                && history.isPresent()
                && history.getAsInt() > sent.history().getAsInt()) {
            return unknown(sent, said + "; the cluster's history shows that the leader changed meanwhile", null);
        }
        return noGoodCandidate(sent, said + "; " + sent.leader().name() + " still leads");
    }

    private SwitchoverRefusedException noGoodCandidate(Sent sent, String why) throws InterruptedException {
        List<Candidate> candidates = Candidates.weigh(reader, sent.before(), sent.settings());
        return refused(
                why,
                "see what speaks against the candidates, and Patroni's log on "
                        + sent.leader().name() + ".",
                candidates);
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

    private static OutcomeUnknownException unknown(Sent sent, String said, @Nullable PatroniException last) {
        String seen = last == null
                ? ""
                : "; the cluster cannot be seen: " + last.problem().message();
        return new OutcomeUnknownException(
                Problem.of(
                        PatroniException.OUTCOME_UNKNOWN,
                        Text.printable("The switchover from " + sent.leader().name() + " to " + sent.candidate()
                                + " was asked for, and after "
                                + Text.of(sent.deadline().elapsed())
                                + " it cannot be said whether it happens: " + said + seen),
                        "look at the cluster (patronictl list, patronictl history) before asking again."),
                last);
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
