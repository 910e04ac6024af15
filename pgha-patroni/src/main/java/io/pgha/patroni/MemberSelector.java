package io.pgha.patroni;

/** Which members an operation is for, by the part they play. */
public enum MemberSelector {
    /** All members. */
    ANY,
    /** The member that holds the leader key, of a primary cluster or of a standby cluster. */
    LEADER,
    /** All members that do not hold the leader key. */
    REPLICA;

    boolean takes(MemberView member) {
        return switch (this) {
            case ANY -> true;
            case LEADER -> member.leads();
            case REPLICA -> !member.leads();
        };
    }
}
