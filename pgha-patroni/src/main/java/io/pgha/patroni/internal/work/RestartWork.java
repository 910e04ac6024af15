package io.pgha.patroni.internal.work;

import io.pgha.client.Deadline;
import io.pgha.host.Command;
import io.pgha.host.Probe;
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
import java.util.function.Predicate;

/**
 * Restarts a member's PostgreSQL where a restart is pending that it can have. Immutable and thread-safe.
 *
 * @param status asks Patroni and PostgreSQL of the member
 * @param reload shows restarts that neither knows of
 * @param due whether the member waits for a restart that it can have
 */
public record RestartWork(Probe status, ServerReload reload, Predicate<MemberStatus> due) {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * Where neither knows of a restart, a reload makes Patroni compare everything once more. So it does where one is still pending
     * afterwards: Patroni that was putting together what is pending when the restart came says so of the server that is no more.
     */
    public void restart(Access access, WorkContext context) throws InterruptedException {
        if (!look(context).pendingRestart() && !shownByReload(access, context)) {
            return;
        }
        if (!due.test(look(context))) {
            return;
        }
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
        if (!settled(access, context)) {
            throw failed(
                    context,
                    "a restart is still pending, or Patroni does not say that none is; it answered: "
                            + result.explanation());
        }
    }

    private boolean settled(Access access, WorkContext context) throws InterruptedException {
        Deadline deadline = Deadline.in(rounds(context));
        boolean doubted = false;
        MemberStatus now = look(context);
        while (due.test(now) || now.state().isEmpty()) {
            if (deadline.passed()) {
                return false;
            }
            if (due.test(now) && !doubted) {
                ServerReload.ask(access);
                doubted = true;
            }
            access.pause();
            now = look(context);
        }
        return true;
    }

    private boolean shownByReload(Access access, WorkContext context) throws InterruptedException {
        Duration limit = rounds(context);
        ServerReload.Outcome outcome =
                reload.reload(access, context, limit, () -> look(context).pendingRestart());
        if (look(context).pendingRestart()) {
            return true;
        }
        if (!outcome.read() && outcome.knownBefore()) {
            throw failed(
                    context,
                    "PostgreSQL has not read its configuration again for " + limit.toSeconds()
                            + " s; Patroni answered: " + outcome.answer());
        }
        return false;
    }

    private static Duration rounds(WorkContext context) {
        return context.config().patroni().loopWait().multipliedBy(3).plusSeconds(30);
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
