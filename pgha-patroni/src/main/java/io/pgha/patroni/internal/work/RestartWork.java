package io.pgha.patroni.internal.work;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.net.Deadline;
import io.pgha.patroni.internal.layout.ServerLog;
import io.pgha.patroni.internal.operation.MemberRestart;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.operation.MemberOutcome;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.RestartCondition;
import io.pgha.patroni.view.MemberView;
import io.pgha.spi.WorkContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Restarts a member's PostgreSQL where a restart is pending that it can have. Immutable and thread-safe.
 *
 * @param status asks Patroni and PostgreSQL of the member
 * @param reload shows restarts that neither knows of
 * @param due whether the member waits for a restart that it can have
 * @param patience how long to wait for what Patroni does in its rounds
 */
public record RestartWork(Probe status, ServerReload reload, Predicate<MemberStatus> due, Duration patience) {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * Reloads that Patroni was asked for are over before: it writes PostgreSQL's files in place, and a PostgreSQL that
     * starts meanwhile reads half of one. It has also compared everything once more then, so that a restart shows that
     * nobody knew of. One that is known is not kept from a member that does not come to its reload.
     */
    public void restart(Access access, WorkContext context) throws InterruptedException {
        Optional<String> missing = reload.reload(access, context, patience);
        MemberStatus now = look(context);
        if (missing.isPresent() && !now.pendingRestart()) {
            throw failed(context, missing.get());
        }
        if (!due.test(now)) {
            return;
        }
        missing.ifPresent(what -> context.say(what + "; PostgreSQL is restarted all the same"));
        String answer = once(access, context);
        if (settled(access, context)) {
            return;
        }
        if (filesDiffer(context)) {
            context.say(
                    "PostgreSQL started with other values than its files hold, which may have been written at that moment; it is"
                            + " restarted once more");
            answer = once(access, context);
            if (settled(access, context)) {
                return;
            }
        }
        throw failed(
                context, "a restart is still pending, or Patroni does not say that none is; it answered: " + answer);
    }

    /** Returns what Patroni answered. */
    private static String once(Access access, WorkContext context) throws InterruptedException {
        String name = context.node().name();
        MemberView member = access.reader()
                .view()
                .member(name)
                .orElseThrow(() -> context.failed("failed: Patroni's cluster has no member " + name));
        boolean patroniKnows =
                access.status(member).filter(StatusDocument::pendingRestart).isPresent();
        Restart wanted = Restart.builder()
                .limit(LIMIT)
                .condition(patroniKnows ? RestartCondition.PENDING : RestartCondition.ALWAYS)
                .build();
        MemberResult result = new MemberRestart(access, wanted, access.reader().settings()).run(member);
        if (result.outcome() == MemberOutcome.FAILED) {
            throw failed(context, result.explanation());
        }
        return result.explanation();
    }

    /** PostgreSQL itself says so, not Patroni alone, which may say so for ever. */
    private boolean filesDiffer(WorkContext context) throws InterruptedException {
        return look(context)
                .report()
                .filter(report -> !report.pending().isEmpty())
                .isPresent();
    }

    /**
     * Where one is still pending, Patroni looks once more: if it was putting together what is pending when the restart
     * came, it says so of the server that is no more.
     */
    private boolean settled(Access access, WorkContext context) throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        MemberStatus now = look(context);
        while (now.state().isEmpty() && !deadline.passed()) {
            access.pause();
            now = look(context);
        }
        if (due.test(now)) {
            reload.reload(access, context, patience).ifPresent(context::say);
            now = look(context);
        }
        return !due.test(now) && !now.state().isEmpty();
    }

    private MemberStatus look(WorkContext context) throws InterruptedException {
        return MemberStatus.parse(context.observe(context.node(), status));
    }

    private static RuntimeException failed(WorkContext context, String why) throws InterruptedException {
        String logs = context.run(context.node(), Command.sh(ServerLog.TAIL + "\n" + ServerLog.COMPLAINTS))
                .stdout();
        return context.failed("failed: " + why + "\n" + logs.strip());
    }
}
