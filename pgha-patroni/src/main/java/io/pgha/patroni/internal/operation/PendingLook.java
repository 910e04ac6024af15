package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.MemberAnswer;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.replication.Replication;
import io.pgha.patroni.internal.server.SharedLimits;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.Reload;
import io.pgha.patroni.view.MemberView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes sure that members mean what they say of a pending restart. A change that meets a PostgreSQL that is just
 * starting is not written to its file, and nobody says that a restart is pending until the next change. Patroni before
 * 3.3 also asks PostgreSQL only once, a second after a change, and forgets a limit that was forced on a replica when a
 * change meets its start. From 3.3 on it takes a while to put together what is pending, and where a restart comes in
 * between, it says so of the server that is no more. A reload has Patroni compare, write and look once more, in its
 * next round. It is waited for until it is over: Patroni writes {@code postgresql.conf} in place, and a PostgreSQL that
 * starts in that moment reads half of it.
 */
final class PendingLook {
    private PendingLook() {}

    /** Returns a newer look, once every member that was silent has looked. */
    static Replication again(Access access, Replication first, ClusterSettings settings) throws InterruptedException {
        return again(access, first, settings, status -> !status.pendingRestart());
    }

    /**
     * Does the same for what a start itself may have left behind: Patroni before 3.3 may have forgotten; a later one is
     * believed only that a replica has the old limit of its leader.
     */
    static Replication afterStart(Access access, Replication first, ClusterSettings settings)
            throws InterruptedException {
        return again(
                access,
                first,
                settings,
                status -> Versions.of(status)
                        .filter(version -> version.has(Feature.PENDING_RESTART_REASON)
                                ? status.pendingRestart()
                                        && SharedLimits.of(status.pendingReasons())
                                                .shrinking()
                                                .isEmpty()
                                : !status.pendingRestart())
                        .isPresent());
    }

    /** Does the same where nothing may be pending any more: whoever says otherwise is doubted. */
    static Replication afterAll(Access access, Replication first, ClusterSettings settings)
            throws InterruptedException {
        return again(access, first, settings, StatusDocument::pendingRestart);
    }

    private static Replication again(
            Access access, Replication first, ClusterSettings settings, Predicate<StatusDocument> doubtful)
            throws InterruptedException {
        List<String> doubted = first.view().members().stream()
                .map(MemberView::name)
                .filter(name -> first.status(name).filter(doubtful).isPresent())
                .toList();
        if (doubted.isEmpty()) {
            return first;
        }
        new ReloadOperation(access, Reload.builder().addAllMembers(doubted).build()).run();
        Map<String, Rounds> waiting = new HashMap<>();
        doubted.forEach(name -> waiting.put(name, Rounds.ofReload(settings.loopWait())));
        Deadline latest = Deadline.in(settings.loopWait().plus(access.timing().margin()));
        while (!waiting.isEmpty() && !latest.passed()) {
            access.pause();
            List<MemberView> members = first.view().members().stream()
                    .filter(member -> waiting.containsKey(member.name()))
                    .toList();
            for (Map.Entry<String, MemberAnswer> probe :
                    access.reader().probe(members).entrySet()) {
                Optional<StatusDocument> status = probe.getValue().status();
                Rounds rounds = waiting.get(probe.getKey());
                if (status.isPresent() && rounds != null && rounds.over(status.get())) {
                    waiting.remove(probe.getKey());
                }
            }
        }
        return Replication.of(access, access.reader().view());
    }
}
