package io.pgha.patroni.component;

/** Renders a look at PostgreSQL's own log, where a failed start gives its reason. Stateless; no I/O. */
final class ServerLog {
    /** Prints the end of the newest log. */
    static final String TAIL = "log=$(ls -t " + PatroniLayout.LOGS + "/*.log 2>/dev/null | head -n 1); "
            + "[ -z \"$log\" ] || { echo \"Last lines of $log:\"; tail -n 10 \"$log\"; }";

    private ServerLog() {}
}
