package io.pgha.plan;

/** Names what a step does to a running service, from harmless to dangerous. */
public enum Impact {
    /** Nothing that runs notices. */
    NONE,
    /** A daemon reads its configuration again; connections stay. */
    RELOAD,
    /** A daemon that serves no data restarts; connections through it may break. */
    RESTART,
    /** Daemons restart one node after the other, each only when it is safe. */
    ROLLING_RESTART,
    /** The leader moves; writes pause for seconds. */
    SWITCHOVER,
    /** A replica's data is thrown away and copied again. */
    REINIT,
    /** Data may be lost for good. */
    DESTRUCTIVE;

    /**
     * Returns whether clients may notice, so that it is not done while maintenance is closed. Starting what does not
     * run, as a first deploy does everywhere, has no impact and interrupts nothing.
     *
     * @return true from {@link #RESTART} on
     */
    public boolean interrupts() {
        return compareTo(RESTART) >= 0;
    }
}
