package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.HostException;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.port.OperationLock;
import io.pgha.port.OperationLock.Held;
import io.pgha.port.OperationLock.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes the lock of one cluster: first the file on every host, then the DCS's where a component brings one.
 *
 * <p>The host that comes first by name decides between two who come at once; then all others follow together. Whoever
 * shares a single host with us is kept out, however different the rest of that configuration is. Thread-safe.
 */
final class ClusterLock {
    private static final Duration PAUSE = Duration.ofMillis(150);
    /** A machine needs a moment to notice that the other end of a connection is gone, a busy one some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The last command of a controller that was killed may still run, an installation for example. */
    private static final Duration LAST_COMMAND = Duration.ofMinutes(3);

    private final String cluster;
    private final List<Node> nodes;
    private final Hosts hosts;
    private final Supplier<Optional<OperationLock>> dcs;

    ClusterLock(String cluster, List<Node> nodes, Hosts hosts, Supplier<Optional<OperationLock>> dcs) {
        this.cluster = cluster;
        this.nodes = nodes.stream().sorted(Comparator.comparing(Node::name)).toList();
        this.hosts = hosts;
        this.dcs = dcs;
    }

    /** Two round trips to hosts, the second to all at once, and the DCS's own. */
    HeldLock acquire(String purpose) throws InterruptedException {
        Holder holder = Holder.of(purpose);
        HostLock file = new HostLock(holder.toString());
        boolean complete = false;
        try {
            claim(nodes.get(0), file);
            List<RuntimeException> failures = new ArrayList<>();
            hosts.parallel()
                    .all(
                            nodes.subList(1, nodes.size()),
                            node -> {
                                claim(node, file);
                                return true;
                            },
                            failures);
            if (!failures.isEmpty()) {
                throw failures.get(0);
            }
            Optional<OperationLock> second = dcs.get();
            Optional<Held> lease = second.isPresent() ? Optional.of(second.get().acquire(holder)) : Optional.empty();
            complete = true;
            return new HeldLock(cluster, nodes, hosts, file, lease);
        } finally {
            if (!complete) {
                HeldLock.release(nodes, hosts, file);
            }
        }
    }

    private void claim(Node node, HostLock file) throws InterruptedException {
        Deadline patience = Deadline.in(PATIENCE);
        Deadline lastCommand = Deadline.in(LAST_COMMAND);
        String answer = ask(node, file);
        while (!answer.equals(HostLock.HELD)) {
            if ((answer.startsWith("dying ") ? lastCommand : patience).passed()) {
                throw refused(node, answer);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            answer = ask(node, file);
        }
    }

    private String ask(Node node, HostLock file) throws InterruptedException {
        return hosts.observe(node, List.of(file.claim()))
                .getOrDefault(file.claim().id(), "");
    }

    private PgHaException refused(Node node, String answer) {
        if (answer.startsWith("locked ")) {
            return new PgHaException(Problem.of(
                    OperationLock.LOCKED,
                    cluster + " is being worked on by " + answer.substring("locked ".length()) + " (the lock on "
                            + node.name() + "); nothing was changed",
                    "Wait until that has ended, then plan again. If that process is gone, so is its lock, after "
                            + HostLock.TTL.toSeconds() + " s at the latest."));
        }
        if (answer.startsWith("dying ")) {
            return new PgHaException(Problem.on(
                    node.name(),
                    OperationLock.LOCKED,
                    "A controller is gone, but its last command still runs here: "
                            + answer.substring("dying ".length()),
                    "Wait until that command has ended (ps -ef on " + node.name() + "), then plan again."));
        }
        return new HostException(
                Problem.on(
                        node.name(),
                        "run.lock-failed",
                        "The lock in /run/pgha cannot be taken; the machine answered \"" + answer + "\"",
                        "Look at /run/pgha and whether /run can be written: ls -la /run/pgha on " + node.name() + "."),
                null);
    }
}
