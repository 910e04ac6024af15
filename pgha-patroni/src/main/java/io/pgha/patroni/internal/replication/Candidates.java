package io.pgha.patroni.internal.replication;

import io.pgha.model.patroni.MemberTags;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberRole;
import io.pgha.patroni.view.MemberView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Weighs the replicas of a cluster as new leaders.
 *
 * @param replication how they replicate
 * @param maximumLag how many bytes behind the leader one may be: {@code maximum_lag_on_failover}
 * @param synchronous with priority mode a candidate must be a synchronous standby
 */
public record Candidates(Replication replication, long maximumLag, SynchronousMode synchronous) {

    public Candidates {
        synchronous = inForce(synchronous, replication.view());
    }

    /** Returns the mode by which members are judged: in a standby cluster Patroni makes nobody synchronous. */
    public static SynchronousMode inForce(SynchronousMode wanted, ClusterView cluster) {
        return cluster.leader()
                        .filter(leader -> leader.role() == MemberRole.STANDBY_LEADER)
                        .isPresent()
                ? SynchronousMode.OFF
                : wanted;
    }

    /** Returns the tag that keeps a member from ever taking over, however well it replicates. */
    public static Optional<String> barring(Map<String, ?> tags, SynchronousMode synchronous) {
        Optional<String> barred = MemberTags.barring(tags);
        if (barred.isPresent()) {
            return barred;
        }
        if (MemberTags.isOn(tags, "nostream")) {
            return Optional.of("tag nostream");
        }
        return synchronous == SynchronousMode.ON && MemberTags.isOn(tags, "nosync")
                ? Optional.of("tag nosync, and synchronous_mode is on")
                : Optional.empty();
    }

    /** Asks all members how they are, at the same time, and weighs each replica. */
    public static List<Candidate> weigh(Access access, ClusterView view, ClusterSettings settings)
            throws InterruptedException {
        return new Candidates(Replication.of(access, view), settings.maximumLag(), settings.synchronous()).weigh();
    }

    public static Map<String, String> verdicts(List<Candidate> candidates) {
        Map<String, String> verdicts = new LinkedHashMap<>();
        candidates.forEach(candidate -> verdicts.put(candidate.name(), candidate.verdict()));
        return verdicts;
    }

    public static String sentence(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> Text.printable(candidate.name()) + ": " + candidate.verdict())
                .collect(Collectors.joining("; "));
    }

    /** Returns all replicas, in the cluster's order. */
    public List<Candidate> weigh() {
        return replication.view().replicas().stream().map(this::weigh).toList();
    }

    private Candidate weigh(MemberView member) {
        OptionalLong lag = replication.lag(member);
        return new Candidate(
                member.name(),
                objection(member, lag),
                lag.orElse(Long.MAX_VALUE),
                member.role() == MemberRole.SYNC_STANDBY || member.role() == MemberRole.QUORUM_STANDBY,
                MemberTags.priority(member.tags()));
    }

    private Optional<String> objection(MemberView member, OptionalLong lag) {
        Optional<String> barred = barring(member.tags(), synchronous);
        if (barred.isPresent()) {
            return barred;
        }
        Optional<String> wrong = replication.leaderAnswers()
                ? replication.objection(member)
                : replication.objectionWithoutLeader(member);
        if (wrong.isPresent()) {
            return wrong;
        }
        if (replication
                .status(member.name())
                .filter(StatusDocument::watchdogFailed)
                .isPresent()) {
            return Optional.of("its watchdog cannot be used");
        }
        if (lag.orElse(Long.MAX_VALUE) > maximumLag) {
            return Optional.of(Text.bytes(lag.orElse(Long.MAX_VALUE)) + " behind, more than maximum_lag_on_failover ("
                    + Text.bytes(maximumLag) + ")");
        }
        if (synchronous == SynchronousMode.ON && member.role() != MemberRole.SYNC_STANDBY) {
            return Optional.of("not synchronous, and synchronous_mode is on");
        }
        return Optional.empty();
    }
}
