package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.RestartCondition;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.ScheduledRestart;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One restart of one member's PostgreSQL. The request is sent once, and again only where Patroni refused it because
 * another restart was under way. That it was done shows in the time at which the postmaster started; a lost answer is
 * made up for by watching that.
 */
public final class MemberRestart {
    private static final String RESTARTING = "restart already in progress";

    private final Access access;
    private final Restart wanted;
    private final ClusterSettings settings;

    public MemberRestart(Access access, Restart wanted, ClusterSettings settings) {
        this.access = access;
        this.wanted = wanted;
        this.settings = settings;
    }

    public MemberResult run(MemberView member) throws InterruptedException {
        Deadline deadline = Deadline.in(wanted.limit());
        String name = member.name();
        Optional<Channel> channel = access.rest().members().channel(member);
        if (channel.isEmpty()) {
            return Results.of(name, MemberOutcome.FAILED, "its REST API has no address");
        }
        Optional<MemberResult> result = ask(member, channel.get(), deadline);
        while (result.isEmpty()) {
            access.pause();
            result = ask(member, channel.get(), deadline);
        }
        MemberResult told = result.get();
        return Results.of(name, told.outcome(), told.explanation(), deadline.elapsed());
    }

    /**
     * Returns nothing where the member is in the middle of another restart, which may have begun with older settings.
     */
    private Optional<MemberResult> ask(MemberView member, Channel channel, Deadline deadline)
            throws InterruptedException {
        String name = member.name();
        Optional<StatusDocument> before = access.status(member);
        if (before.isEmpty()) {
            return Optional.of(Results.of(name, MemberOutcome.FAILED, "its REST API gives no answer"));
        }
        boolean now = wanted.at().isEmpty();
        if (now
                && wanted.condition() == RestartCondition.PENDING
                && !before.get().pendingRestart()) {
            return Optional.of(Results.of(name, MemberOutcome.SKIPPED, "no restart is pending"));
        }
        if (now) {
            access.pass().check("The restart of " + Text.printable(name));
        }
        Request request = Request.post("/restart", Json.write(body(member, before.get())));
        Told told = Commands.send(access.rest(), channel, request, deadline);
        if (told.notSent()) {
            return Optional.of(Results.of(name, MemberOutcome.FAILED, told.words()));
        }
        // Asked again only with time enough for an answer: a request that the limit cuts short leaves an unknown end.
        boolean again = deadline.remaining().compareTo(access.timing().margin()) > 0;
        if (told.answered(503) && told.text().equals(RESTARTING) && again) {
            return Optional.empty();
        }
        return Optional.of(now ? restarted(member, before.get(), told, deadline) : scheduled(member, told, deadline));
    }

    /** A filter counts by its presence alone: only what is wanted is sent. */
    private Map<String, Object> body(MemberView member, StatusDocument status) {
        Map<String, Object> body = new LinkedHashMap<>();
        role(member, status).ifPresent(role -> body.put("role", role));
        wanted.postgresVersion().ifPresent(version -> body.put("postgres_version", version));
        wanted.timeout().ifPresent(timeout -> body.put("timeout", timeout.toSeconds()));
        if (wanted.condition() == RestartCondition.PENDING) {
            body.put("restart_pending", true);
        }
        wanted.at().ifPresent(at -> body.put("schedule", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at)));
        return body;
    }

    /** Returns the member's role in the word that its own version compares with. */
    private Optional<String> role(MemberView member, StatusDocument status) {
        if (wanted.role() == MemberSelector.ANY) {
            return Optional.empty();
        }
        if (!member.leads()) {
            return Optional.of("replica");
        }
        boolean primary =
                Versions.of(status).filter(one -> one.has(Feature.PRIMARY_ROLE)).isPresent();
        if (member.role() == MemberRole.STANDBY_LEADER) {
            return primary ? Optional.of("standby_leader") : Optional.empty();
        }
        return Optional.of(primary ? "primary" : "master");
    }

    private MemberResult restarted(MemberView member, StatusDocument before, Told told, Deadline deadline)
            throws InterruptedException {
        String name = member.name();
        if (told.answered(200)) {
            return watch(
                    member, before, told.text(), deadline.atMost(access.timing().margin()), Duration.ZERO);
        }
        if (told.lost()) {
            return watch(member, before, told.words(), deadline, access.settling(settings));
        }
        if (told.answered(503) && told.text().contains("still starting")) {
            return watch(member, before, told.text(), deadline, wanted.limit());
        }
        boolean unmet = told.answered(503) && told.text().equals("restart conditions are not satisfied");
        boolean conditions = wanted.role() != MemberSelector.ANY
                || wanted.condition() == RestartCondition.PENDING
                || wanted.postgresVersion().isPresent();
        return Results.of(name, unmet && conditions ? MemberOutcome.SKIPPED : MemberOutcome.FAILED, told.words());
    }

    /**
     * Waits for a new postmaster. An old one that just runs on is watched for a while only: no restart is under way
     * then.
     */
    private MemberResult watch(
            MemberView member, StatusDocument before, String said, Deadline deadline, Duration whileUnchanged)
            throws InterruptedException {
        Deadline unchanged = deadline.atMost(whileUnchanged.isZero() ? deadline.limit() : whileUnchanged);
        String seen = "its REST API gives no answer";
        while (true) {
            Optional<StatusDocument> status = access.status(member);
            if (status.isPresent()) {
                boolean other = !status.get().postmasterStart().equals(before.postmasterStart());
                if (status.get().running()
                        && other
                        && status.get().postmasterStart().isPresent()) {
                    return Results.of(member.name(), MemberOutcome.DONE, said);
                }
                seen = "PostgreSQL is " + status.get().state()
                        + status.get()
                                .postmasterStart()
                                .map(at -> ", started " + at)
                                .orElse("");
                if (status.get().running() && unchanged.passed()) {
                    return Results.of(member.name(), MemberOutcome.UNKNOWN, said + "; " + seen + ", as before");
                }
            }
            if (deadline.passed()) {
                return Results.of(member.name(), MemberOutcome.UNKNOWN, said + "; " + seen);
            }
            access.pause();
        }
    }

    private MemberResult scheduled(MemberView member, Told told, Deadline deadline) throws InterruptedException {
        String name = member.name();
        if (told.answered(202)) {
            return Results.of(name, MemberOutcome.SCHEDULED, told.text());
        }
        if (told.answered(409)) {
            return Results.of(name, MemberOutcome.FAILED, told.text() + "; flushRestart calls the other one off");
        }
        if (!told.lost()) {
            return Results.of(name, MemberOutcome.FAILED, told.words());
        }
        Deadline settled = deadline.atMost(access.settling(settings));
        while (true) {
            Optional<StatusDocument> status = access.status(member);
            if (status.flatMap(StatusDocument::scheduledRestart)
                    .flatMap(ScheduledRestart::at)
                    .filter(at ->
                            at.toInstant().equals(wanted.at().orElseThrow().toInstant()))
                    .isPresent()) {
                return Results.of(
                        name, MemberOutcome.SCHEDULED, told.words() + "; the member shows that it is scheduled");
            }
            if (settled.passed()) {
                return status.isPresent()
                        ? Results.of(name, MemberOutcome.FAILED, told.words() + "; the member shows no such restart")
                        : Results.of(name, MemberOutcome.UNKNOWN, told.words() + "; it gives no answer any more");
            }
            access.pause();
        }
    }
}
