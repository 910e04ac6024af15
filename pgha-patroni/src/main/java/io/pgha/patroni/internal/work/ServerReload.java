package io.pgha.patroni.internal.work;

import io.pgha.client.Deadline;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.spi.PlanContext;
import io.pgha.spi.WorkContext;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Has a member's Patroni compare, write and reload everything once more, and waits until it is over. All reloads that were asked for
 * before are over then, too: Patroni makes one of them all, at the begin of its next round. Immutable and thread-safe.
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
     * @param over whether it is over
     * @param answer what Patroni answered
     */
    public record Outcome(boolean over, String answer) {}

    /**
     * Asks the own member and waits, as long as the limit allows. That PostgreSQL has read its files again shows in the time at
     * which it last did, and that Patroni has compared all with it in the round that follows. Where PostgreSQL does not tell, the reload
     * began with the round after the one under way at the latest, and the next but one shows that it is over.
     */
    public Outcome reload(Access access, WorkContext context, Duration limit) throws InterruptedException {
        OwnMember own = new OwnMember(access);
        Deadline deadline = Deadline.in(limit);
        String before = loaded(context);
        String answer = own.reload().words();
        int rounds = 2;
        if (!before.isEmpty()) {
            String now = loaded(context);
            while (now.isEmpty() || now.equals(before)) {
                if (deadline.passed()) {
                    return new Outcome(false, answer);
                }
                access.pause();
                now = loaded(context);
            }
            rounds = 1;
        }
        return new Outcome(begins(rounds, own, access, deadline), answer);
    }

    /** Each round begins with a look at the DCS. */
    private static boolean begins(int rounds, OwnMember own, Access access, Deadline deadline)
            throws InterruptedException {
        OptionalLong seen = lastSeen(own);
        int begun = 0;
        while (begun < rounds && !deadline.passed()) {
            access.pause();
            OptionalLong now = lastSeen(own);
            if (now.isPresent() && seen.isPresent() && now.getAsLong() > seen.getAsLong()) {
                begun++;
            }
            seen = now.isPresent() ? now : seen;
        }
        return begun == rounds;
    }

    private static OptionalLong lastSeen(OwnMember own) throws InterruptedException {
        return own.status().map(StatusDocument::dcsLastSeen).orElse(OptionalLong.empty());
    }

    private String loaded(WorkContext context) throws InterruptedException {
        return context.observe(context.node(), loaded);
    }
}
