package io.pgha.patroni.internal.operation;

import io.pgha.Problem;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.RestartCondition;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.run.MaintenanceClosedException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Restarts of several members' PostgreSQL, one after the other. */
public final class RestartOperation {
    private final Access access;
    private final Restart wanted;

    public RestartOperation(Access access, Restart wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    public List<MemberResult> run() throws InterruptedException {
        ClusterView view = access.reader().view();
        List<MemberView> members = Selection.of(view, wanted.members(), wanted.role());
        if (wanted.at().isPresent() && view.paused()) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.PAUSED,
                            "A restart cannot be scheduled while the cluster is in maintenance mode",
                            "resume first: patroni.resume(r -> r), or restart now."),
                    null);
        }
        ClusterSettings settings = access.reader().settings();
        if (wanted.condition() == RestartCondition.PENDING && wanted.at().isEmpty()) {
            PendingLook.again(access, Replication.of(access, view), settings);
        }
        MemberRestart restart = new MemberRestart(access, wanted, settings);
        List<MemberResult> results = new ArrayList<>();
        for (MemberView member : members) {
            try {
                results.add(restart.run(member));
            } catch (MaintenanceClosedException e) {
                members.stream()
                        .skip(results.size())
                        .forEach(left ->
                                results.add(Results.of(left.name(), MemberOutcome.NOT_ASKED, "left as it was")));
                throw Results.closed("restart", e, results);
            }
        }
        return Results.check(
                "restart",
                results,
                Schedule.remedy(
                        wanted.at(),
                        Clock.systemUTC(),
                        "see PostgreSQL's and Patroni's log on the members that failed, then ask again."));
    }
}
