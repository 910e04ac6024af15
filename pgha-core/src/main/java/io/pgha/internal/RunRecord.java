package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.Probe;
import io.pgha.internal.answer.Answers;
import io.pgha.internal.record.FleetRecord;
import io.pgha.internal.record.RunEntry;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.port.OperationLock;
import io.pgha.spi.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the hosts' records while one plan is applied: one round trip a host at the begin, one at the end. Thread-safe.
 */
final class RunRecord {
    private static final Logger LOG = LoggerFactory.getLogger("io.pgha.run");

    private final ClusterConfig config;
    private final Hosts hosts;
    private final FleetRecord fleet;

    RunRecord(ClusterConfig config, Hosts hosts, FleetRecord fleet) {
        this.config = config;
        this.hosts = hosts;
        this.fleet = fleet;
    }

    static Probe probe() {
        return FleetRecord.probe();
    }

    /** Tells the hosts on which a run has begun since the plan was made: another plan's, or its own. */
    List<String> moved(Answers answers) {
        String moved = config.topology().nodes().stream()
                .filter(node -> fleet.moved(node, answers.of(node, probe())))
                .map(Node::name)
                .collect(Collectors.joining(", "));
        return moved.isEmpty() ? List.of() : List.of("a run has begun (a plan is applied once) on " + moved);
    }

    /** Writes on every host what is wanted. */
    Opened open(HeldLock held, OperationLock.Holder holder) throws InterruptedException {
        Opened opened = new Opened(held, fleet.entry(holder));
        opened.everywhere(opened.entry::begin);
        return opened;
    }

    /** The records while the run goes on. */
    final class Opened {
        private final HeldLock held;
        private final RunEntry entry;

        private Opened(HeldLock held, RunEntry entry) {
            this.held = held;
            this.entry = entry;
        }

        /** Writes on every host that what was wanted is there. */
        void done() throws InterruptedException {
            everywhere(entry::done);
        }

        /** Writes on every host that can be reached how the run ended; what was wanted stays so. */
        void failed(String result) throws InterruptedException {
            try {
                everywhere(node -> entry.failed(node, result));
            } catch (PgHaException e) {
                LOG.warn("The record does not say how the run ended: {}", e.getMessage());
            }
        }

        private void everywhere(Function<Node, Act.OnHost> entries) throws InterruptedException {
            List<RuntimeException> failures = new ArrayList<>();
            hosts.parallel()
                    .all(
                            config.topology().nodes(),
                            node -> {
                                write(node, entries.apply(node));
                                return true;
                            },
                            failures);
            if (!failures.isEmpty()) {
                RuntimeException first = failures.get(0);
                failures.stream().skip(1).forEach(first::addSuppressed);
                throw first;
            }
        }

        /** To write twice does no harm. */
        private void write(Node node, Act.OnHost act) throws InterruptedException {
            Act.OnHost guarded = Act.onHost(held.guarded(act.command()), act.leaves());
            CommandResult result;
            try {
                result = hosts.act(node, probe(), guarded);
            } catch (HostException e) {
                Hosts.takeUp(e);
                result = hosts.act(node, probe(), guarded);
            }
            if (!result.succeeded()) {
                Optional<PgHaException> refusal = held.refusal(node, result.exitStatus(), result.stderr());
                throw refusal.orElse(new HostException(
                        Problem.on(
                                node.name(),
                                "record.not-written",
                                "The record " + probe().id() + " cannot be written: status " + result.exitStatus()
                                        + ": " + result.stderr().strip(),
                                "Look at the disk of " + node.name()
                                        + " (df /var/lib/pgha), then plan and apply again."),
                        null));
            }
        }
    }
}
