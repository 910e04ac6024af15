package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.Reinit;
import io.pgha.patroni.operation.ReinitProgress;
import io.pgha.patroni.operation.ReinitResult;
import io.pgha.patroni.operation.ReinitSource;
import io.pgha.patroni.operation.WhenBusy;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.text.DurationText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One reinitialization of one replica.
 *
 * <p>Patroni starts it even where it answers that it cannot read the body, so nothing but a JSON object is ever sent.
 * It goes on in the background: that it was done shows in a postmaster that is not the one of before and replicates.
 */
public final class ReinitOperation {
    private final Access access;
    private final Reinit wanted;

    public ReinitOperation(Access access, Reinit wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    public ReinitResult run() throws InterruptedException {
        ClusterView view = access.reader().view();
        MemberView member = Selection.one(view, wanted.member().orElseThrow());
        String name = member.name();
        if (member.leads()) {
            throw refused(name + " is the leader, and its data is the cluster's", "switch over first.");
        }
        if (view.leader().isEmpty()) {
            throw refused("there is no leader to copy from", "wait until a member leads.");
        }
        Optional<Channel> channel = access.rest().members().channel(member);
        Optional<StatusDocument> before = access.status(member);
        if (channel.isEmpty() || before.isEmpty()) {
            throw refused(
                    name + "'s REST API gives no answer",
                    "see that Patroni runs on " + name + " (systemctl status patroni).");
        }
        if (wanted.source() == ReinitSource.LEADER) {
            Versions.require(
                    name, Versions.of(before.get()), Feature.REINIT_FROM_LEADER, "Copying the data from the leader");
        }
        ClusterSettings settings = access.reader().settings();
        Deadline deadline = Deadline.in(wanted.await());
        Told told = Commands.send(
                access.rest(),
                channel.get(),
                Request.post("/reinitialize", Json.write(body())),
                access.rest().oneRequest());
        if (told.answered(200) && wanted.await().isZero()) {
            return new ReinitResult(name, false, deadline.elapsed(), told.text(), view, Optional.empty());
        }
        if (!told.answered(200) && !told.lost()) {
            boolean busy = told.text().endsWith("already in progress");
            throw refused(
                    told.words(),
                    busy
                            ? "wait, or ask with .whenBusy(WhenBusy.CANCEL)."
                            : "see Patroni's log on " + name + " (journalctl -u patroni).");
        }
        return watch(member, before.get(), told, settings, deadline);
    }

    private Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("force", wanted.whenBusy() == WhenBusy.CANCEL);
        if (wanted.source() == ReinitSource.LEADER) {
            body.put("from_leader", true);
        }
        return body;
    }

    private ReinitResult watch(
            MemberView member, StatusDocument before, Told told, ClusterSettings settings, Deadline deadline)
            throws InterruptedException {
        String name = member.name();
        Deadline idle = Deadline.in(access.settling(settings));
        String last = "";
        boolean begun = told.answered(200);
        while (true) {
            Optional<Replication> look = Replication.look(access, access.rest().oneRequest());
            Optional<StatusDocument> status = look.flatMap(one -> one.status(name));
            boolean fresh = status.flatMap(StatusDocument::postmasterStart)
                    .filter(at -> !Optional.of(at).equals(before.postmasterStart()))
                    .isPresent();
            String state = state(status);
            begun |= fresh || (status.isPresent() && !state.equals(state(Optional.of(before))));
            if (!state.equals(last)) {
                wanted.progress().accept(new ReinitProgress(name, Text.printable(state), deadline.elapsed()));
                last = state;
            }
            if (fresh && look.isPresent() && follows(look.get(), name)) {
                return new ReinitResult(
                        name,
                        true,
                        deadline.elapsed(),
                        told.lost() ? told.words() : told.text(),
                        look.get().view(),
                        Optional.empty());
            }
            if (!begun && idle.passed()) {
                throw Results.unknown("Whether " + name + " is reinitialized cannot be said: " + told.words()
                        + "; its PostgreSQL runs on as before (" + state + ")");
            }
            if (deadline.passed()) {
                throw Results.unknown("The reinitialization of " + name + " was begun, and is not finished after "
                        + DurationText.of(deadline.limit()) + ": it is " + (state.isEmpty() ? "in no state" : state));
            }
            access.pause();
        }
    }

    /** How far it is behind does not matter: it replicates, and catches up. */
    private static boolean follows(Replication look, String name) {
        return look.view()
                .member(name)
                .filter(member -> look.objection(member).isEmpty())
                .isPresent();
    }

    private static String state(Optional<StatusDocument> status) {
        return status.map(one -> one.running() ? one.replicationState().orElse(one.state()) : one.state())
                .orElse("no answer");
    }

    private OperationFailedException refused(String why, String remedy) {
        MemberResult result = Results.of(wanted.member().orElseThrow(), MemberOutcome.FAILED, why);
        return Results.stopped("reinitialization", why, List.of(result), Text.printable(remedy));
    }
}
