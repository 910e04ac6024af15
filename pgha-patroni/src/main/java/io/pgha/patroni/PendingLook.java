package io.pgha.patroni;

import java.util.List;
import java.util.function.Predicate;

/**
 * Makes sure that members which say that no restart is pending mean it. A change that meets a PostgreSQL that is just starting is
 * not written to its file, and nobody says that a restart is pending until the next change. Patroni before 3.3 also asks PostgreSQL
 * only once, a second after a change, and forgets a limit that was forced on a replica when a change meets its start. A reload
 * has Patroni compare, write and look once more, in its next round.
 */
final class PendingLook {
    private PendingLook() {}

    /** Returns a newer look, once every member that was silent has said that a restart is pending or has had the time to. */
    static Replication again(Access access, Replication first, ClusterSettings settings) throws InterruptedException {
        return again(access, first, settings, status -> true);
    }

    /** Does the same for what a start itself may have left behind, which Patroni from 3.3 on keeps in mind. */
    static Replication afterStart(Access access, Replication first, ClusterSettings settings)
            throws InterruptedException {
        return again(
                access,
                first,
                settings,
                status -> Versions.of(status)
                        .filter(version -> !version.has(Feature.PENDING_RESTART_REASON))
                        .isPresent());
    }

    private static Replication again(
            Access access, Replication first, ClusterSettings settings, Predicate<StatusDocument> doubtful)
            throws InterruptedException {
        List<String> asked = silent(first, doubtful);
        if (asked.isEmpty()) {
            return first;
        }
        new ReloadOperation(access, Reload.builder().addAllMembers(asked).build()).run();
        Deadline deadline = Deadline.in(settings.loopWait().plus(access.timing().margin()));
        Replication look = first;
        while (!deadline.passed() && silent(look, doubtful).stream().anyMatch(asked::contains)) {
            access.pause();
            look = Replication.of(access, access.reader().view());
        }
        return look;
    }

    private static List<String> silent(Replication look, Predicate<StatusDocument> doubtful) {
        return look.view().members().stream()
                .map(MemberView::name)
                .filter(name -> look.status(name)
                        .filter(status -> !status.pendingRestart())
                        .filter(doubtful)
                        .isPresent())
                .toList();
    }
}
