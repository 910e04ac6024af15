package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.model.Node;
import io.pgha.port.OperationLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lock of one cluster while it is held: one daemon thread a host says every 20 s that we live. Thread-safe. */
final class HeldLock implements OperationLock.Held {
    private static final Logger LOG = LoggerFactory.getLogger(HeldLock.class);
    private static final Duration BEAT = HostLock.TTL.dividedBy(3);

    private final String cluster;
    private final List<Node> nodes;
    private final Hosts hosts;
    private final HostLock file;
    private final Optional<OperationLock.Held> lease;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<Problem> lost = Optional.empty();

    HeldLock(String cluster, List<Node> nodes, Hosts hosts, HostLock file, Optional<OperationLock.Held> lease) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.hosts = hosts;
        this.file = file;
        this.lease = lease;
        nodes.forEach(node -> hosts.parallel().thread(node, () -> beat(node)).start());
    }

    /** A host that does not answer is no reason to stop: a step on it will find out. */
    private void beat(Node node) {
        try {
            while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    String answer = hosts.observe(node, List.of(file.renew()))
                            .getOrDefault(file.renew().id(), "");
                    if (answer.startsWith("locked ") || answer.startsWith("dying ")) {
                        lost(node, answer);
                    }
                } catch (PgHaException unreachable) {
                    LOG.debug("The lock on {} could not be renewed", node.name(), unreachable);
                }
            }
        } catch (InterruptedException nobodyElseHasThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    private Problem lost(Node node, String answer) {
        Problem problem = Problem.on(
                node.name(),
                OperationLock.LOST,
                "The lock of " + cluster + " was lost: " + answer,
                "Whoever holds it now may be changing the cluster. Wait until that has ended, then plan again: what is done"
                        + " stays done.");
        lost = Optional.of(problem);
        return problem;
    }

    /** Returns a command that does nothing where the lock is another's. */
    Command guarded(Command command) {
        return Command.builder()
                .from(command)
                .script(file.guard() + command.script())
                .build();
    }

    /** Returns the failure of a step that its guard has kept from acting; empty where it acted. */
    Optional<PgHaException> refusal(Node node, int status, String stderr) {
        int mark = stderr.indexOf(HostLock.LOST_MARK);
        return status == HostLock.LOST_STATUS && mark >= 0
                ? Optional.of(new PgHaException(lost(
                        node,
                        stderr.substring(mark + HostLock.LOST_MARK.length()).strip())))
                : Optional.empty();
    }

    @Override
    public Optional<Problem> lost() {
        return lost.or(() -> lease.flatMap(OperationLock.Held::lost));
    }

    @Override
    public void close() {
        if (closed.getCount() > 0) {
            closed.countDown();
            lease.ifPresent(OperationLock.Held::close);
            release(nodes, hosts, file);
        }
    }

    /** What cannot be released ends by itself; an interrupt that comes here is kept for the caller. */
    static void release(List<Node> nodes, Hosts hosts, HostLock file) {
        boolean interrupted = Thread.interrupted();
        List<RuntimeException> failures = new ArrayList<>();
        try {
            hosts.parallel().all(nodes, node -> hosts.observe(node, List.of(file.release())), failures);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        failures.forEach(failure -> LOG.debug("A lock was left behind and will end by itself", failure));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
