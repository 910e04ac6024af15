package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.OutcomeUnknownException;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.text.DurationText;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One request that moves the leader's role, from sending it until it is known what came of it.
 *
 * <p>It is sent once. It is sent to another member only when the first certainly did not get it; whatever else goes
 * wrong, the cluster is looked at until it shows what happened.
 */
final class LeaderChange {
    private final Access access;
    private final Rest rest;
    private final ClusterReader reader;
    private final Asked asked;
    private final Deadline deadline;
    private final OptionalInt history;

    /** The two commands that do it. */
    enum Kind {
        /** Needs a leader, which stops first. */
        SWITCHOVER("switchover"),
        /** Needs a candidate, and no leader. */
        FAILOVER("failover");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Everything that is known when the request is sent. */
    record Asked(
            Kind kind,
            ClusterView before,
            Optional<MemberView> leader,
            Optional<String> candidate,
            Optional<OffsetDateTime> at,
            ClusterSettings settings,
            Duration timeout) {

        /** Returns who moves the role to whom, for messages. */
        String title() {
            return "The " + kind.word + leader.map(one -> " from " + one.name()).orElse("")
                    + candidate.map(name -> " to " + name).orElse("");
        }
    }

    /**
     * It was done, or will be.
     *
     * @param scheduled whether Patroni does it later
     * @param view the cluster that shows it
     * @param duration how long it took
     * @param note what there is to say, or empty where everything went as asked
     */
    record Outcome(boolean scheduled, ClusterView view, Duration duration, Optional<String> note) {}

    /** Says that it was not done, and whether it is the candidates' fault. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean candidates;
        private final String remedy;

        RefusedException(String why, String remedy, boolean candidates) {
            super(why);
            this.remedy = remedy;
            this.candidates = candidates;
        }

        String why() {
            return String.valueOf(getMessage());
        }

        String remedy() {
            return remedy;
        }

        boolean candidates() {
            return candidates;
        }
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

    private LeaderChange(Access access, Asked asked) throws InterruptedException {
        this.access = access;
        this.rest = access.rest();
        this.reader = access.reader();
        this.asked = asked;
        this.history = reader.historyLength();
        this.deadline = Deadline.in(asked.timeout());
    }

    static Outcome run(Access access, Asked asked) throws InterruptedException, RefusedException {
        LeaderChange change = new LeaderChange(access, asked);
        return change.decide(change.send());
    }

    private Told send() throws InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        if (asked.kind() == Kind.SWITCHOVER) {
            asked.leader().ifPresent(leader -> body.put("leader", leader.name()));
        }
        asked.candidate().ifPresent(candidate -> body.put("candidate", candidate));
        asked.at().ifPresent(at -> body.put("scheduled_at", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at)));
        Request request = Request.post("/" + asked.kind().word, Json.write(body));
        Duration patience = patronisPatience().plus(access.timing().margin());

        Optional<MemberView> candidate =
                asked.candidate().flatMap(name -> asked.before().member(name));
        List<Channel> channels = new Takeover(access).channels(asked.leader(), candidate);
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        for (Channel channel : channels) {
            if (asked.at().isEmpty() && asked.leader().isPresent()) {
                access.pass().check(asked.title());
            }
            Told told = Commands.send(rest, channel, request, deadline.atMost(patience));
            if (told.failure().isPresent()) {
                failures.put(channel, told.failure().get());
                continue;
            }
            if (told.refused() && notPatronis(told.status())) {
                throw new Failure(PatroniException.BAD_ANSWER, told.words(), null).at(channel, request);
            }
            return told;
        }
        throw Failure.ofAll(request, failures);
    }

    private Outcome decide(Told told) throws InterruptedException, RefusedException {
        if (told.answered(200) && asked.at().isEmpty()) {
            return watch(told.words(), Verdict.DONE);
        }
        if (told.answered(202) && asked.at().isPresent()) {
            return new Outcome(true, asked.before(), Duration.ZERO, Optional.empty());
        }
        if (told.refused()) {
            String refusal = told.words();
            boolean candidates = told.status() == 412;
            throw new RefusedException(
                    refusal,
                    candidates
                            ? "see what speaks against the candidates, and Patroni's log on " + whereTheLogIs() + "."
                            : Schedule.remedy(asked.at(), Clock.systemUTC(), "change the request accordingly."),
                    candidates);
        }
        boolean tried = told.answered(503) && told.text().matches("(Switchover|Failover) failed");
        boolean pending = told.answered(503) && told.text().contains("status unknown");
        return watch(told.words(), tried ? Verdict.FAILED : pending ? Verdict.PENDING : Verdict.OPEN);
    }

    /** Looks at the cluster until it shows what happened. */
    private Outcome watch(String said, Verdict verdict) throws InterruptedException, RefusedException {
        PatroniException last = null;
        while (true) {
            try {
                ClusterView view = reader.view(deadline);
                last = null;
                if (asked.at().isPresent()) {
                    if (scheduled(view)) {
                        String note = said + "; the cluster shows that the " + asked.kind().word + " is scheduled.";
                        return new Outcome(true, view, Duration.ZERO, Optional.of(note));
                    }
                } else if (new Takeover(access).newLeader(asked.leader(), view).isPresent()) {
                    String leader = view.leader().orElseThrow().name();
                    Optional<String> note = verdict == Verdict.DONE
                            ? Optional.empty()
                            : Optional.of(said + "; the cluster shows that " + leader + " leads.");
                    return new Outcome(false, view, deadline.elapsed(), note);
                }
                if (stayed(view) && certainByNow(verdict)) {
                    throw notDone(said);
                }
            } catch (OutcomeUnknownException e) {
                throw e;
            } catch (PatroniException e) {
                rest.checkOpen();
                last = e; // meanwhile members may be away for a moment; the deadline ends the waiting
            }
            if (deadline.passed()) {
                throw unknown(said, last);
            }
            access.pause();
        }
    }

    private boolean scheduled(ClusterView view) {
        return view.scheduledSwitchover()
                .filter(shown -> shown.at().isPresent()
                        && asked.at().isPresent()
                        && shown.at().get().toInstant().equals(asked.at().get().toInstant())
                        && shown.to().equals(asked.candidate()))
                .isPresent();
    }

    /** Returns whether everything is as it was before: the same leader on the same timeline, or still none. */
    private boolean stayed(ClusterView view) {
        if (asked.leader().isEmpty()) {
            return view.leader().isEmpty();
        }
        MemberView old = asked.leader().get();
        return view.leader()
                .filter(leader -> leader.name().equals(old.name())
                        && leader.running()
                        && leader.timeline().equals(old.timeline()))
                .isPresent();
    }

    /**
     * Returns whether an unchanged leader now means that nothing will happen. After an answer that was lost, Patroni
     * may still be retrying its write to etcd, and the leader acts on it in its next round: only when both times have
     * passed is the request either done or cleared.
     */
    private boolean certainByNow(Verdict verdict) {
        return switch (verdict) {
            case FAILED -> true;
            case DONE, PENDING -> false;
            case OPEN ->
                deadline.elapsed()
                                .compareTo(patronisPatience()
                                        .plus(asked.settings().retryTimeout().multipliedBy(2)))
                        > 0;
        };
    }

    /** Returns how long Patroni itself waits: twice the larger of 10 s and loop_wait. */
    private Duration patronisPatience() {
        Duration floor = access.timing().switchoverFloor();
        Duration loop = asked.settings().loopWait();
        return (loop.compareTo(floor) > 0 ? loop : floor).multipliedBy(2);
    }

    /** Returns whether something else than a Patroni that understood sent the answer, so that nothing was done. */
    private static boolean notPatronis(int status) {
        return switch (status) {
            case 400, 411, 412, 422 -> false;
            default -> true;
        };
    }

    private RefusedException notDone(String said) throws InterruptedException {
        OptionalInt now = reader.historyLength();
        if (history.isPresent() && now.isPresent() && now.getAsInt() > history.getAsInt()) {
            throw unknown(said + "; the cluster's history shows that the leader changed meanwhile", null);
        }
        return new RefusedException(
                said + "; "
                        + asked.leader()
                                .map(leader -> leader.name() + " still leads")
                                .orElse("still nobody leads"),
                "see what speaks against the candidates, and Patroni's log on " + whereTheLogIs() + ".",
                true);
    }

    private String whereTheLogIs() {
        return asked.leader().map(MemberView::name).orElse("the members");
    }

    private OutcomeUnknownException unknown(String said, @Nullable PatroniException last) {
        String seen = last == null
                ? ""
                : "; the cluster cannot be seen: " + last.problem().message();
        return new OutcomeUnknownException(
                Problem.of(
                        PatroniException.OUTCOME_UNKNOWN,
                        Text.printable(
                                asked.title() + " was asked for, and after " + DurationText.of(deadline.elapsed())
                                        + " it cannot be said whether it happens: " + said + seen),
                        "look at the cluster (patronictl list, patronictl history) before asking again."),
                last);
    }
}
