package io.pgha.patroni.internal.work;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.layout.ServerLog;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.spi.WorkContext;
import java.time.Duration;

/**
 * Waits until a member's PostgreSQL is up. A new replica copies all data first, however long that takes: the wait goes
 * on as long as the data directory grows, and is given up soon after it stops doing so.
 *
 * <p>The leader makes a slot for a new replica in its next round, up to ten seconds later, and the replica that finds
 * none tries again only after five. So while the replica still copies, the others are woken. Immutable and thread-safe.
 */
public final class ReadyWork {
    private static final Duration STANDSTILL = Duration.ofMinutes(2);
    private static final Duration SIZE_EVERY = Duration.ofSeconds(5);

    private final Probe size;

    public ReadyWork(String dataDirectory) {
        this.size = new Probe("postgres:size", "du -sk " + quote(dataDirectory) + " 2>/dev/null | cut -f1", "");
    }

    /** Returns what shows that a copy goes on. */
    public Probe size() {
        return size;
    }

    public void await(Access access, WorkContext context) throws InterruptedException {
        Deadline standstill = Deadline.in(STANDSTILL);
        Deadline measured = Deadline.in(Duration.ZERO);
        long most = 0;
        boolean woken = false;
        OwnMember own = new OwnMember(access);
        String state = state(own);
        while (!state.equals("running")) {
            if (state.equals("creating replica") && !woken) {
                own.wakeOthers();
                woken = true;
            }
            if (measured.passed()) {
                measured = Deadline.in(SIZE_EVERY);
                long now = number(context.observe(context.node(), size));
                if (now > most) {
                    most = now;
                    standstill = Deadline.in(STANDSTILL);
                }
            }
            if (standstill.passed()) {
                throw standstill(context, state);
            }
            access.pause();
            state = state(own);
        }
    }

    /** Returns PostgreSQL's state in Patroni's words; empty where Patroni does not answer. */
    private static String state(OwnMember own) throws InterruptedException {
        return own.status().map(StatusDocument::state).orElse("");
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private static RuntimeException standstill(WorkContext context, String state) throws InterruptedException {
        String logs =
                context.run(context.node(), Command.sh("""
                        systemctl is-active patroni | sed 's/^/The unit patroni is /'
                        echo 'Last lines of the journal of patroni:'
                        journalctl -u patroni -n 20 --no-pager -o cat
                        """ + ServerLog.TAIL)).stdout();
        return context.failed("failed: PostgreSQL is not up, and nothing has moved for " + STANDSTILL.toSeconds()
                + " s: " + (state.isEmpty() ? "Patroni does not answer" : "it is: " + state) + "\n" + logs.strip());
    }
}
