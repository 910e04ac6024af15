package io.pgha.patroni.view;

import io.pgha.Given;

/** The part a member plays, as {@code GET /cluster} says it. Patroni may learn new ones: have a default branch. */
public enum MemberRole {
    /** Holds the leader key of a primary cluster; before Patroni 4 also written {@code master}. */
    LEADER("leader"),
    /** Holds the leader key of a cluster that itself follows another one. */
    STANDBY_LEADER("standby_leader"),
    /** A replica that the leader waits for at commit. */
    SYNC_STANDBY("sync_standby"),
    /** A replica that counts towards the quorum the leader waits for at commit; Patroni 4.0 and later. */
    QUORUM_STANDBY("quorum_standby"),
    /** Any other replica. */
    REPLICA("replica"),
    /** A role that this library does not know; {@link MemberView#roleName()} has Patroni's word. */
    OTHER("");

    private final String word;

    MemberRole(String word) {
        this.word = word;
    }

    /**
     * Returns whether this is one of the two roles that hold the leader key.
     *
     * @return true for {@link #LEADER} and {@link #STANDBY_LEADER}
     */
    public boolean leads() {
        return this == LEADER || this == STANDBY_LEADER;
    }

    /**
     * Returns the role that Patroni calls so.
     *
     * @param word as in {@link MemberView#roleName()}; {@code master} and {@code primary} are the leader's older names
     * @return the role; {@link #OTHER} where this library does not know it
     */
    public static MemberRole of(String word) {
        Given.value(word, "word");
        if (word.equals("master") || word.equals("primary")) {
            return LEADER;
        }
        for (MemberRole role : values()) {
            if (role != OTHER && role.word.equals(word)) {
                return role;
            }
        }
        return OTHER;
    }
}
