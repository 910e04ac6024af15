package io.pgha.host;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/**
 * Rehearses on machines that exist only in memory: every probe answers what a bare machine would, until a command that settles
 * it has run. Nothing is executed. What was done may be looked at after it is closed. For rehearsals of a deploy and for tests. Thread-safe; no I/O.
 */
public final class InMemoryTransport implements Transport {
    private final String release;
    private volatile boolean closed;
    private final Map<String, InMemoryHost> hosts = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> answers = new ConcurrentHashMap<>();
    private volatile BiFunction<Node, Command, CommandResult> behaviour =
            (node, command) -> new CommandResult(0, "", "");

    private InMemoryTransport(String release) {
        this.release = OsRelease.of(release).codeName();
    }

    /**
     * Returns a transport to bare machines of one release.
     *
     * @param release the code name of a release of Debian or Ubuntu, for example {@code trixie} or {@code noble}
     * @return the transport
     * @throws HostException when no release has that name (code {@code host.unknown-release})
     */
    public static InMemoryTransport of(String release) {
        Given.value(release, "release");
        return new InMemoryTransport(release);
    }

    /**
     * Makes a probe answer something of the caller's choice, as if the machine had been touched before.
     *
     * @param node the node's name
     * @param probeId the probe's id
     * @param answer what it prints
     * @return this transport
     */
    public InMemoryTransport answer(String node, String probeId, String answer) {
        answers(node).put(probeId, answer);
        return this;
    }

    /**
     * Decides how commands end, for tests of failure: the function may return a non-zero status or throw.
     *
     * @param behaviour from node and command to the result; standard output is replaced where the command asks probes and
     *     succeeds
     * @return this transport
     */
    public InMemoryTransport behave(BiFunction<Node, Command, CommandResult> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /**
     * Returns the commands that were run on a node, probes alone left out.
     *
     * @param node the node's name
     * @return the commands in order
     */
    public List<Command> commands(String node) {
        InMemoryHost host = hosts.get(node);
        return host == null ? List.of() : List.copyOf(host.commands);
    }

    /**
     * Returns how many round trips were made to a node.
     *
     * @param node the node's name
     * @return commands of any kind
     */
    public int roundTrips(String node) {
        InMemoryHost host = hosts.get(node);
        return host == null ? 0 : host.roundTrips.size();
    }

    @Override
    public RemoteHost connect(Node node) {
        checkOpen();
        return hosts.computeIfAbsent(node.name(), name -> {
            answers(name).putIfAbsent(FactsProbe.ID, FactsProbe.print(HostFacts.assumed(node, release)));
            return new InMemoryHost(node, answers(name));
        });
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "Rehearsal on machines in memory, bare " + release + (closed ? ", closed" : "");
    }

    private void checkOpen() {
        if (closed) {
            throw HostException.closed();
        }
    }

    private Map<String, String> answers(String node) {
        return answers.computeIfAbsent(node, name -> new ConcurrentHashMap<>());
    }

    private final class InMemoryHost implements RemoteHost {
        private final Node node;
        private final Map<String, String> answers;
        private final List<Command> commands = new CopyOnWriteArrayList<>();
        private final List<Command> roundTrips = new CopyOnWriteArrayList<>();

        InMemoryHost(Node node, Map<String, String> answers) {
            this.node = node;
            this.answers = answers;
        }

        @Override
        public Node node() {
            return node;
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            checkOpen();
            roundTrips.add(command);
            CommandResult result = behaviour.apply(node, command);
            if (!result.succeeded()) {
                return result;
            }
            if (!command.settles().isEmpty() || command.probes().isEmpty()) {
                commands.add(command);
                answers.putAll(command.settles());
            }
            List<Probe> probes = new ArrayList<>(command.probes());
            return probes.isEmpty() ? result : new CommandResult(0, Probes.print(probes, answers), result.stderr());
        }

        @Override
        public Tunnel forward(String host, int port) {
            checkOpen();
            throw new HostException(
                    Problem.on(
                            node.name(),
                            "host.rehearsal",
                            "A machine in memory has no ports to forward",
                            "Use a real transport to talk to daemons."),
                    null);
        }

        @Override
        public String toString() {
            return node.name() + " in memory";
        }
    }
}
