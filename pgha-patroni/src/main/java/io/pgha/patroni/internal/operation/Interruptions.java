package io.pgha.patroni.internal.operation;

import io.pgha.model.maintenance.Closure;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.operation.Failover;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.Switchover;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the operations that can interrupt the service: each asks the gate first, and carries its pass along, to be
 * shown again when a request that interrupts is sent. Thread-safe.
 */
public final class Interruptions {
    private static final Logger LOG = LoggerFactory.getLogger("io.pgha.maintenance");

    private final MaintenanceGate gate;
    private final Access access;
    /** A second request would overwrite the first one in etcd, so those of one client wait for one another. */
    private final ReentrantLock oneLeaderChange = new ReentrantLock();

    public Interruptions(MaintenanceGate gate, Access access) {
        this.gate = gate;
        this.access = access;
    }

    /** What an operation does. */
    public interface Work<T> {
        T run(Access access) throws InterruptedException;
    }

    /** Does something now, or when maintenance opens; its result keeps an override's reason. */
    public <T> T now(String title, WhenClosed.Options wanted, Work<T> work, BiFunction<T, String, T> keep)
            throws InterruptedException {
        if (wanted.whenClosed() instanceof WhenClosed.Await) {
            awaitOpening(title);
        }
        return with(gate.enter(title, wanted.whenClosed()), work, keep);
    }

    /** Returns a pass for what finds out only later whether it interrupts anything. */
    MaintenanceGate.Pass pass(String title, WhenClosed whenClosed) {
        return gate.pass(title, whenClosed);
    }

    /** Waits as this client waits for everything, so that closing it ends the wait. */
    void awaitOpening(String title) throws InterruptedException {
        Optional<Closure> closure = gate.closed();
        closure.ifPresent(it -> LOG.info("{} waits: maintenance is {}", title, it));
        while (closure.isPresent()) {
            access.pause();
            closure = gate.closed();
        }
    }

    /** Does something that Patroni carries out at a later moment: that is the moment that counts. */
    public <T> T later(
            String title, WhenClosed.Options wanted, OffsetDateTime at, Work<T> work, BiFunction<T, String, T> keep)
            throws InterruptedException {
        MaintenanceGate.Pass pass = gate.pass(title, wanted.whenClosed());
        pass.check(title + " at " + at, at.toInstant());
        return with(pass, work, keep);
    }

    /**
     * Where nobody leads there is no service to interrupt, and a failover brings it back: it never waits for an
     * opening.
     */
    public FailoverResult failover(Failover wanted) throws InterruptedException {
        String title = "The failover";
        Work<FailoverResult> work = alone(passed -> new FailoverOperation(passed, wanted).run());
        if (gate.closed().isPresent() && access.reader().view().leader().isEmpty()) {
            return with(gate.pass(title, wanted.whenClosed()), work, Overridden::because);
        }
        return now(title, wanted, work, Overridden::because);
    }

    /**
     * Patroni itself keeps the time where a switchover waits for the opening: it is done even if this program has
     * ended.
     */
    public SwitchoverResult switchover(Switchover asked) throws InterruptedException {
        Optional<Closure> closure =
                asked.whenClosed() instanceof WhenClosed.Await && asked.at().isEmpty()
                        ? gate.closed()
                        : Optional.empty();
        Switchover wanted =
                closure.map(it -> at(it.opening().toOffsetDateTime(), asked)).orElse(asked);
        Work<SwitchoverResult> work = alone(passed -> new SwitchoverOperation(passed, wanted).run());
        SwitchoverResult result = wanted.at().isPresent()
                ? later("The switchover", wanted, wanted.at().get(), work, Overridden::because)
                : now("The switchover", wanted, work, Overridden::because);
        return closure.map(it -> Overridden.explained(result, "Maintenance is " + it + "."))
                .orElse(result);
    }

    private static Switchover at(OffsetDateTime moment, Switchover asked) {
        Switchover.Builder wanted = Switchover.builder()
                .at(moment)
                .timeout(asked.timeout())
                .awaitReplicas(asked.awaitReplicas())
                .whenClosed(asked.whenClosed());
        asked.to().ifPresent(wanted::to);
        asked.from().ifPresent(wanted::from);
        return wanted.build();
    }

    /** Does what concerns the leader while nothing else of this client does. */
    public <T> Work<T> alone(Work<T> work) {
        return passed -> {
            oneLeaderChange.lockInterruptibly();
            try {
                return work.run(passed);
            } finally {
                oneLeaderChange.unlock();
            }
        };
    }

    private <T> T with(MaintenanceGate.Pass pass, Work<T> work, BiFunction<T, String, T> keep)
            throws InterruptedException {
        T result = work.run(access.with(pass));
        return pass.overridden().map(reason -> keep.apply(result, reason)).orElse(result);
    }
}
