package io.pgha.patroni;

import java.util.List;

/**
 * Makes sure that members which say that no restart is pending mean it. Patroni before 3.3 asks PostgreSQL only once, a second
 * after a change: where the server has not read the change by then, or is just starting, nobody says that a restart is pending
 * until the next change. A reload has Patroni compare, write and look once more, in its next round.
 */
final class PendingLook {
    private PendingLook() {}

    /** Returns a newer look, once every member in doubt has said that a restart is pending or has had the time to. */
    static Replication again(Access access, Replication first, ClusterSettings settings) throws InterruptedException {
        List<String> doubtful = doubtful(first);
        if (doubtful.isEmpty()) {
            return first;
        }
        new ReloadOperation(access, Reload.builder().addAllMembers(doubtful).build()).run();
        Deadline deadline = Deadline.in(settings.loopWait().plus(access.timing().margin()));
        Replication look = first;
        while (!deadline.passed() && doubtful(look).stream().anyMatch(doubtful::contains)) {
            access.pause();
            look = Replication.of(access, access.reader().view());
        }
        return look;
    }

    /** Returns the members whose Patroni is old and says of no restart that it is pending. */
    private static List<String> doubtful(Replication look) {
        return look.view().members().stream()
                .map(MemberView::name)
                .filter(name -> look.status(name)
                        .filter(status -> !status.pendingRestart())
                        .flatMap(Versions::of)
                        .filter(version -> !version.has(Feature.PENDING_RESTART_REASON))
                        .isPresent())
                .toList();
    }
}
