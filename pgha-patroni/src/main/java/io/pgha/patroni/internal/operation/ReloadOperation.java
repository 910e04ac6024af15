package io.pgha.patroni.internal.operation;

import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.Reload;
import io.pgha.patroni.view.MemberView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reloads of several members' configuration files. */
public final class ReloadOperation {
    private final Access access;
    private final Reload wanted;

    public ReloadOperation(Access access, Reload wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    public List<MemberResult> run() throws InterruptedException {
        List<MemberResult> results = new ArrayList<>();
        for (MemberView member : Selection.of(access.reader().view(), wanted.members(), wanted.role())) {
            results.add(reload(member));
        }
        return Results.check("reload", results, "see that Patroni runs on the members that failed, then ask again.");
    }

    private MemberResult reload(MemberView member) throws InterruptedException {
        Optional<Channel> channel = access.rest().members().channel(member);
        if (channel.isEmpty()) {
            return Results.of(member.name(), MemberOutcome.FAILED, "its REST API has no address");
        }
        Told told = Commands.send(
                access.rest(),
                channel.get(),
                Request.post("/reload", "{}"),
                access.rest().oneRequest());
        if (told.answered(202) || told.answered(200)) {
            return Results.of(member.name(), MemberOutcome.DONE, told.text());
        }
        return Results.of(member.name(), told.lost() ? MemberOutcome.UNKNOWN : MemberOutcome.FAILED, told.words());
    }
}
