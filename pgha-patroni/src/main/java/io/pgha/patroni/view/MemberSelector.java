package io.pgha.patroni.view;

import io.pgha.Given;

/** Which members an operation is for, by the part they play. */
public enum MemberSelector {
    /** All members. */
    ANY,
    /** The member that holds the leader key, of a primary cluster or of a standby cluster. */
    LEADER,
    /** All members that do not hold the leader key. */
    REPLICA;

    /**
     * Returns whether a member is one of them.
     *
     * @param member the member
     * @return true for those that an operation with this selector is for
     */
    public boolean takes(MemberView member) {
        Given.value(member, "member");
        return switch (this) {
            case ANY -> true;
            case LEADER -> member.leads();
            case REPLICA -> !member.leads();
        };
    }
}
