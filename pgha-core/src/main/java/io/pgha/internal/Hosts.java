package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.host.Rehearsal;
import io.pgha.host.RemoteHost;
import io.pgha.host.Transport;
import io.pgha.host.Tunnels;
import io.pgha.internal.answer.Answers;
import io.pgha.internal.record.Departure;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.PreflightFailedException;
import io.pgha.spi.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machines of one cluster: connected, with their facts. */
final class Hosts {
    private static final Logger LOG = LoggerFactory.getLogger("io.pgha.run");

    private final ClusterConfig config;
    private final Transport transport;
    private final Redaction redaction;
    private final Parallel parallel;
    private final Map<String, HostFacts> facts = new ConcurrentHashMap<>();

    Hosts(ClusterConfig config, Transport transport, Redaction redaction, Parallel parallel) {
        this.config = config;
        this.transport = transport;
        this.redaction = redaction;
        this.parallel = parallel;
    }

    /** What hosts answer is data; whoever shows it covers it. */
    Redaction redaction() {
        return redaction;
    }

    Parallel parallel() {
        return parallel;
    }

    /**
     * Connects to all nodes at once; all that cannot be reached are told together. Facts are asked once a connection.
     */
    void connect() throws InterruptedException {
        List<RuntimeException> failures = new ArrayList<>();
        parallel.all(config.topology().nodes(), this::connectOrTell, failures);
        throwProblems(failures);
    }

    private HostFacts connectOrTell(Node node) throws InterruptedException {
        try {
            return connect(node);
        } catch (HostException e) {
            throw e.code().equals("host.unreachable") ? new HostException(Departure.lost(e.problem(), node), e) : e;
        }
    }

    private HostFacts connect(Node node) throws InterruptedException {
        RemoteHost host = transport.connect(node);
        HostFacts known = facts.get(node.name());
        if (known == null) {
            known = look(() -> HostFacts.read(host));
            facts.put(node.name(), known);
        }
        return known;
    }

    HostFacts facts(Node node) {
        HostFacts known = facts.get(node.name());
        if (known == null) {
            throw new IllegalStateException(node.name() + " has not been connected to");
        }
        return known;
    }

    /**
     * Returns ways to the daemons of the cluster's nodes, also where servers forbid tunnels: a deploy must not need
     * them.
     */
    Tunnels tunnels() {
        return Tunnels.relayed(transport, config.topology().nodes(), config.name());
    }

    RemoteHost host(Node node) throws InterruptedException {
        return transport.connect(node);
    }

    /** Asks all probes of all nodes: one remote command a node, all nodes at once. */
    Answers observe(Map<Node, List<Probe>> probes) throws InterruptedException {
        List<RuntimeException> failures = new ArrayList<>();
        Map<Node, Map<String, String>> answers =
                parallel.all(probes.keySet(), node -> observe(node, probes.getOrDefault(node, List.of())), failures);
        throwProblems(failures);
        return new Answers(answers);
    }

    Map<String, String> observe(Node node, List<Probe> probes) throws InterruptedException {
        if (probes.isEmpty()) {
            return Map.of();
        }
        return look(() -> host(node).observe(probes));
    }

    /** Runs the script of a step whose outcome is looked at elsewhere; a rehearsal takes it for done. */
    CommandResult act(Node node, Probe question, Act.OnHost act) throws InterruptedException {
        RemoteHost host = host(node);
        Optional<Rehearsal> rehearsal = host.rehearsal();
        return rehearsal.isPresent()
                ? rehearsal.get().step(question, act.leaves(), Optional.of(act.command()))
                : host.run(act.command());
    }

    private interface Look<T> {
        T take() throws InterruptedException;
    }

    /** Where the connection drops before the answer, a look is taken again: it changes nothing. */
    private static <T> T look(Look<T> look) throws InterruptedException {
        try {
            return look.take();
        } catch (HostException e) {
            takeUp(e);
            return look.take();
        }
    }

    /** Goes on where a connection dropped, which the next command opens again; what else failed is thrown. */
    static void takeUp(HostException failure) {
        if (!failure.code().equals(HostException.CONNECTION_LOST)) {
            throw failure;
        }
        LOG.warn("Taken up again on a new connection: {}", failure.getMessage());
    }

    private void throwProblems(List<RuntimeException> failures) {
        List<Problem> problems = new ArrayList<>();
        for (RuntimeException failure : failures) {
            if (!(failure instanceof PgHaException known)) {
                throw failure;
            }
            problems.add(known.problem());
        }
        if (!problems.isEmpty()) {
            PreflightFailedException all = new PreflightFailedException(config.name(), problems);
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }
}
