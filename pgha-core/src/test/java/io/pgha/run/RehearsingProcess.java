package io.pgha.run;

import io.pgha.PgHa;
import io.pgha.host.CommandResult;
import io.pgha.host.InMemoryTransport;
import io.pgha.plan.Plan;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Rehearsal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of a user's, in a JVM of its own: it starts a run, and then does as its argument says. */
final class RehearsingProcess {
    static final String STUCK = "a step is under way that does not end";
    private static final int FEW = 20;

    private RehearsingProcess() {}

    public static void main(String[] args) throws InterruptedException {
        InMemoryTransport transport = InMemoryTransport.of("trixie");
        PgHa pgha = Rehearsal.pgha(transport, SecretStore.memory(), List.of());
        Plan plan = pgha.cluster(Rehearsal.config().build()).plan();
        if (args[0].equals("leave")) {
            Thread main = Thread.currentThread();
            transport.behave((node, command) -> after(main));
            Run unused = plan.start(run -> run.listener(RunListener.plain(System.out)));
            System.out.println("main has returned");
        } else {
            AtomicInteger steps = new AtomicInteger();
            transport.behave((node, request) -> stuck(request, steps));
            plan.apply(run -> run.listener(RunListener.console()).listener(RehearsingProcess::tell));
        }
    }

    private static CommandResult after(Thread main) {
        try {
            main.join();
            return new CommandResult(0, "", "");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says so as the step's own output, which every listener hears after the step's beginning. */
    private static CommandResult stuck(InMemoryTransport.Request request, AtomicInteger steps) {
        if (request.step().isPresent() && steps.incrementAndGet() > FEW) {
            request.command().ifPresent(command -> command.output().accept(STUCK));
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return new CommandResult(0, "", "");
    }

    private static void tell(RunEvent event) {
        if (event instanceof RunEvent.StepOutput output && output.line().equals(STUCK)) {
            System.out.println(STUCK);
        }
    }
}
