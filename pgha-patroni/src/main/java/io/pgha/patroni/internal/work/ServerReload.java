package io.pgha.patroni.internal.work;

import io.pgha.client.Deadline;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.spi.PlanContext;
import io.pgha.spi.WorkContext;
import java.time.Duration;

/**
 * Has a member's Patroni compare, write and reload everything once more, in its next round; the time of PostgreSQL's last reload proves
 * that it did. Immutable and thread-safe.
 */
public final class ServerReload {
    private final Probe loaded;

    public ServerReload(PlanContext context, Node node) {
        this.loaded = new Probe(
                "postgres:loaded", MemberStatus.sql(context, node) + "sql 'select pg_conf_load_time()' || :", "");
    }

    /**
     * What came of it.
     *
     * @param read whether PostgreSQL has read its configuration again
     * @param knownBefore whether PostgreSQL had said before when it last did, without which nothing proves it
     * @param answer what Patroni answered
     */
    public record Outcome(boolean read, boolean knownBefore, String answer) {}

    /** Sees whether there is no need to wait any more. */
    public interface Enough {
        boolean isEnough() throws InterruptedException;
    }

    /** Asks the own member, which does so in its next round, and returns what it answered. */
    static String ask(Access access) throws InterruptedException {
        return Commands.send(
                        access.rest(),
                        access.rest().members().named().get(0),
                        Request.post("/reload", "{}"),
                        access.rest().oneRequest())
                .words();
    }

    /** Asks the own member, and waits until PostgreSQL has reloaded, it is enough, or the time is over. */
    public Outcome reload(Access access, WorkContext context, Duration limit, Enough enough)
            throws InterruptedException {
        String before = context.observe(context.node(), loaded);
        String answer = ask(access);
        Deadline deadline = Deadline.in(limit);
        while (true) {
            String now = context.observe(context.node(), loaded);
            boolean read = !before.isEmpty() && !now.isEmpty() && !now.equals(before);
            if (read || deadline.passed() || enough.isEnough()) {
                return new Outcome(read, !before.isEmpty(), answer);
            }
            access.pause();
        }
    }
}
