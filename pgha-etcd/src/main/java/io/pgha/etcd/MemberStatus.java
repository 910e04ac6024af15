package io.pgha.etcd;

import io.pgha.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How one member is. Immutable.
 *
 * @param member which
 * @param leader whether it is the leader
 * @param figures what it says of itself; empty where it does not answer
 * @param alarms alarms that it has raised, for example {@code NOSPACE}
 * @param problem why it does not serve, through gRPC or through the gateway {@code /v3} that Patroni uses; empty where
 *     it does
 */
public record MemberStatus(
        EtcdMember member, boolean leader, Optional<Figures> figures, Set<String> alarms, Optional<Problem> problem) {

    /**
     * What a member says of itself. Immutable.
     *
     * @param version etcd's version, for example {@code 3.5.16}
     * @param dbSize bytes of the database as etcd counts them against its quota; its file may be up to 16 MiB larger
     * @param dbSizeInUse bytes of it that hold data; the rest comes back by defragmenting
     * @param raftTerm the number of elections so far
     * @param raftIndex the number of the last entry in its log
     * @param raftAppliedIndex the number of the last entry that it has applied
     * @param lag how many entries its log is behind the longest one
     */
    public record Figures(
            String version,
            long dbSize,
            long dbSizeInUse,
            long raftTerm,
            long raftIndex,
            long raftAppliedIndex,
            long lag) {}

    /**
     * Returns whether it serves.
     *
     * @return true where there is no problem; an alarm is none
     */
    public boolean healthy() {
        return problem.isEmpty();
    }

    /** Returns one line. */
    @Override
    public String toString() {
        String role = leader ? "leader" : member.learner() ? "learner" : "follower";
        String size = figures.map(f -> String.format(
                        Locale.ROOT,
                        "%s, %.1f MiB (%.1f in use), index %d, lag %d",
                        f.version(),
                        f.dbSize() / 1048576.0,
                        f.dbSizeInUse() / 1048576.0,
                        f.raftIndex(),
                        f.lag()))
                .orElse("no answer");
        return member.title() + ": " + role + ", " + size + (alarms.isEmpty() ? "" : ", alarms " + alarms)
                + problem.map(p -> ": " + p.message()).orElse("");
    }
}
