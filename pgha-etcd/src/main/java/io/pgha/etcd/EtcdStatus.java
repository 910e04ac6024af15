package io.pgha.etcd;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the cluster is, member by member. Immutable.
 *
 * @param members every member, learners too
 */
public record EtcdStatus(List<MemberStatus> members) {

    /**
     * Returns the leader.
     *
     * @return the member; empty where there is none or it does not answer
     */
    public Optional<EtcdMember> leader() {
        return members.stream()
                .filter(MemberStatus::leader)
                .map(MemberStatus::member)
                .findFirst();
    }

    /**
     * Returns whether every member serves; alarms do not count.
     *
     * @return true where all do
     */
    public boolean healthy() {
        return !members.isEmpty() && members.stream().allMatch(MemberStatus::healthy);
    }

    /**
     * Returns how many members have a vote.
     *
     * @return the number
     */
    public int voters() {
        return (int) members.stream().filter(each -> !each.member().learner()).count();
    }

    /**
     * Returns how many voters must be up.
     *
     * @return more than half of them
     */
    public int quorum() {
        return voters() / 2 + 1;
    }

    /**
     * Returns how many voters serve.
     *
     * @return the number
     */
    public int healthyVoters() {
        return (int) members.stream()
                .filter(each -> !each.member().learner() && each.healthy())
                .count();
    }

    /** Returns one line, and one for each member. */
    @Override
    public String toString() {
        return "etcd: " + healthyVoters() + " of " + voters() + " voters serve, quorum " + quorum() + ", leader "
                + leader().map(EtcdMember::name).orElse("none")
                + members.stream().map(each -> "\n  " + each).collect(Collectors.joining());
    }
}
