package io.pgha.patroni.internal.layout;

/** Renders a look at where a failed start gives its reason. Stateless; no I/O. */
public final class ServerLog {
    /** Prints the end of PostgreSQL's newest log. */
    public static final String TAIL = "log=$(ls -t " + PatroniLayout.LOGS + "/*.log 2>/dev/null | head -n 1); "
            + "[ -z \"$log\" ] || { echo \"Last lines of $log:\"; tail -n 10 \"$log\"; }";

    /**
     * Prints what Patroni's journal has of what went wrong: PostgreSQL complains there as long as its log is not open.
     */
    public static final String COMPLAINTS =
            "echo 'Last complaints in the journal of patroni:'; journalctl -u patroni -n 100 --no-pager"
                    + " -o cat | grep -E '(FATAL|PANIC|ERROR|CRITICAL|WARNING|HINT|DETAIL):' | tail -n 7";

    private ServerLog() {}
}
