package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.operation.FlushRestart;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.ScheduledSwitchover;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls off what was scheduled. */
public final class FlushOperation {
    private static final int MOST_TRIES = 3;
    private static final String REMEDY = "look whether it is still scheduled (patronictl list), then ask again.";

    private final Access access;

    public FlushOperation(Access access) {
        this.access = access;
    }

    public List<MemberResult> restarts(FlushRestart wanted) throws InterruptedException {
        List<MemberResult> results = new ArrayList<>();
        for (MemberView member : Selection.of(access.reader().view(), wanted.members(), wanted.role())) {
            results.add(restart(member));
        }
        return Results.check("flush of scheduled restarts", results, REMEDY);
    }

    private MemberResult restart(MemberView member) throws InterruptedException {
        String name = member.name();
        Optional<Channel> channel = access.rest().members().channel(member);
        if (channel.isEmpty()) {
            return Results.of(name, MemberOutcome.FAILED, "its REST API has no address");
        }
        Told told = Commands.send(
                access.rest(),
                channel.get(),
                Request.delete("/restart"),
                access.rest().oneRequest());
        if (told.answered(200)) {
            return Results.of(name, MemberOutcome.DONE, told.text());
        }
        if (told.answered(404) && !told.text().isEmpty()) {
            return Results.of(name, MemberOutcome.SKIPPED, told.text());
        }
        if (!told.lost()) {
            return Results.of(name, MemberOutcome.FAILED, told.words());
        }
        Optional<StatusDocument> status = access.status(member);
        if (status.isEmpty()) {
            return Results.of(name, MemberOutcome.UNKNOWN, told.words());
        }
        return status.get().scheduledRestart().isEmpty()
                ? Results.of(name, MemberOutcome.DONE, told.words() + "; the member shows that none is scheduled")
                : Results.of(name, MemberOutcome.FAILED, told.words() + "; it is still scheduled");
    }

    /**
     * Returns what was called off. After a lost answer another member is asked only if the same one is still scheduled.
     */
    public Optional<ScheduledSwitchover> switchover() throws InterruptedException {
        Optional<ScheduledSwitchover> before = access.reader().view().scheduledSwitchover();
        if (before.isEmpty()) {
            return before;
        }
        Request request = Request.delete("/switchover");
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        String said = "";
        int tries = 0;
        for (Channel channel : access.rest().members().byHope()) {
            Told told =
                    Commands.send(access.rest(), channel, request, access.rest().oneRequest());
            if (told.failure().isPresent()) {
                failures.put(channel, told.failure().get());
                continue;
            }
            if (told.answered(200)) {
                return before;
            }
            if (told.answered(404) && !told.text().isEmpty()) {
                return Optional.empty(); // it was done, or called off, between the look and the request
            }
            said = told.words();
            tries++;
            if (!told.lost() && !told.answered(409)) {
                throw Results.failed("The scheduled switchover was not called off: " + said, REMEDY);
            }
            Optional<ScheduledSwitchover> now = awaitGone(before);
            if (now.isEmpty()) {
                return before;
            }
            if (!now.equals(before) || tries == MOST_TRIES) {
                break;
            }
        }
        if (tries == 0) {
            throw Failure.ofAll(request, failures);
        }
        throw Results.failed(
                "The scheduled switchover was not called off: " + said + "; it is still scheduled", REMEDY);
    }

    private Optional<ScheduledSwitchover> awaitGone(Optional<ScheduledSwitchover> before) throws InterruptedException {
        Deadline deadline = Deadline.in(access.timing().margin());
        while (true) {
            Optional<ScheduledSwitchover> now = access.reader().view().scheduledSwitchover();
            if (!now.equals(before) || deadline.passed()) {
                return now;
            }
            access.pause();
        }
    }
}
