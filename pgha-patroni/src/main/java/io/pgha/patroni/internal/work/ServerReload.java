package io.pgha.patroni.internal.work;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.spi.PlanContext;
import io.pgha.spi.WorkContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Has a member's Patroni compare, write and reload everything once more, and waits until it is over. Of all reloads
 * that were asked for since its last one began Patroni makes one, before its next round: they are over then, too. Only
 * one that begins between the look before and the request may be taken for this one. Immutable and thread-safe.
 */
public final class ServerReload {
    private final Probe loaded;

    public ServerReload(PlanContext context, Node node) {
        this.loaded = new Probe(
                "postgres:loaded", MemberStatus.sql(context, node) + "sql 'select pg_conf_load_time()' || :", "");
    }

    /**
     * Asks the own member and waits, as long as the limit allows. That PostgreSQL has read its files again shows in the
     * time at which it last did, and that Patroni has compared all with it in the round that follows. Where PostgreSQL
     * does not tell, the rounds alone show it.
     *
     * @return what is missing, for people; empty where it is over
     */
    public Optional<String> reload(Access access, WorkContext context, Duration limit) throws InterruptedException {
        OwnMember own = new OwnMember(access);
        Deadline deadline = Deadline.in(limit);
        String before = loaded(context);
        String answer = own.reload().words();
        if (!before.isEmpty()) {
            String now = loaded(context);
            while (now.isEmpty() || now.equals(before)) {
                if (deadline.passed()) {
                    return Optional.of("PostgreSQL has not read its configuration again" + within(limit, answer));
                }
                access.pause();
                now = loaded(context);
            }
        }
        Rounds rounds = before.isEmpty()
                ? Rounds.ofReload(context.config().patroni().loopWait())
                : Rounds.ofReloadThatReachedPostgres();
        Optional<StatusDocument> status = own.status();
        while (status.filter(rounds::over).isEmpty()) {
            if (deadline.passed()) {
                return Optional.of("Patroni has not begun another round" + within(limit, answer));
            }
            access.pause();
            status = own.status();
        }
        return Optional.empty();
    }

    private static String within(Duration limit, String answer) {
        return " within " + limit.toSeconds() + " s; asked for a reload, " + answer;
    }

    private String loaded(WorkContext context) throws InterruptedException {
        return context.observe(context.node(), loaded);
    }
}
