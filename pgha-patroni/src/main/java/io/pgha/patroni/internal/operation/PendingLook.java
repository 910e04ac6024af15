package io.pgha.patroni.internal.operation;

import io.pgha.client.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.Reload;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Makes sure that members which say that no restart is pending mean it. A change that meets a PostgreSQL that is just starting is
 * not written to its file, and nobody says that a restart is pending until the next change. Patroni before 3.3 also asks PostgreSQL
 * only once, a second after a change, and forgets a limit that was forced on a replica when a change meets its start. A reload
 * has Patroni compare, write and look once more, in its next round.
 */
final class PendingLook {
    /** Patroni before 3.3 asks PostgreSQL a second after it has written the file. */
    private static final Duration COMPARING = Duration.ofSeconds(2);

    private PendingLook() {}

    /** Returns a newer look, once every member that was silent has said that a restart is pending, or has looked and not said so. */
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
        Deadline soonest = Deadline.in(settings.loopWait().plus(COMPARING));
        Deadline latest = Deadline.in(settings.loopWait().plus(access.timing().margin()));
        Map<String, Rounds> waiting = new HashMap<>();
        asked.forEach(name -> waiting.put(name, new Rounds()));
        while (!waiting.isEmpty() && !latest.passed()) {
            access.pause();
            List<MemberView> members = first.view().members().stream()
                    .filter(member -> waiting.containsKey(member.name()))
                    .toList();
            for (Map.Entry<String, ClusterReader.Probe> probe :
                    access.reader().probe(members).entrySet()) {
                Optional<StatusDocument> status = probe.getValue().status();
                Rounds rounds = waiting.get(probe.getKey());
                if (status.isPresent() && rounds != null && rounds.over(status.get(), soonest.passed())) {
                    waiting.remove(probe.getKey());
                }
            }
        }
        return Replication.of(access, access.reader().view());
    }

    /**
     * Counts the rounds that a member's Patroni begins: each reads the DCS first. The round after the one under way begins with
     * the reload, and the next one shows that it is over. Others may have the member read the DCS, too, so this alone is no
     * proof before the time that rounds take.
     */
    private static final class Rounds {
        private OptionalLong lastSeen = OptionalLong.empty();
        private int begun;

        boolean over(StatusDocument status, boolean mayBe) {
            OptionalLong seen = status.dcsLastSeen();
            if (lastSeen.isPresent() && seen.isPresent() && seen.getAsLong() > lastSeen.getAsLong()) {
                begun++;
            }
            lastSeen = seen;
            return status.pendingRestart() || (begun >= 2 && mayBe);
        }
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
