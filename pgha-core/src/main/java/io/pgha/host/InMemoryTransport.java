package io.pgha.host;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * Rehearses on machines that exist only in memory: every probe answers what a bare machine would, until a step has left
 * something else. Nothing is executed. What was asked may be looked at after it is closed. For rehearsals of a deploy
 * and for tests. Thread-safe; no I/O.
 */
public final class InMemoryTransport implements Transport {
    private final String release;
    private volatile boolean closed;
    private final Map<String, InMemoryHost> hosts = new ConcurrentHashMap<>();
    private final Map<String, RehearsedAnswers> answers = new ConcurrentHashMap<>();
    private volatile BiFunction<Node, Request, CommandResult> behaviour =
            (node, request) -> new CommandResult(0, "", "");

    /**
     * What a machine is asked: to answer probes, to run a command, or to take a step. Immutable; {@code toString} shows
     * no secrets.
     *
     * @param step the id of the resource whose step it is
     * @param command what a real machine would run; none for probes alone, and for a step that is done from elsewhere
     * @param probes what is to be answered
     */
    public record Request(Optional<String> step, Optional<Command> command, List<Probe> probes) {

        /**
         * Copies the list.
         *
         * @param step the id of the resource whose step it is
         * @param command what a real machine would run
         * @param probes what is to be answered
         */
        public Request {
            probes = List.copyOf(probes);
        }

        /**
         * Returns whether this is the step of a resource.
         *
         * @param resource the resource's id, for example {@code file:/etc/hosts}
         * @return whether it is
         */
        public boolean isStep(String resource) {
            return step.filter(resource::equals).isPresent();
        }

        /**
         * Returns whether this only looks.
         *
         * @return whether nothing but probes is asked
         */
        public boolean looks() {
            return step.isEmpty() && command.isEmpty();
        }
    }

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
     * Decides how requests end, for tests of failure: the function may return a non-zero status or throw.
     *
     * @param behaviour from node and request to the result, whose standard output is that of a command alone
     * @return this transport
     */
    public InMemoryTransport behave(BiFunction<Node, Request, CommandResult> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /**
     * Returns what was done on a node: the steps and commands that succeeded, looks left out.
     *
     * @param node the node's name
     * @return the requests in order
     */
    public List<Request> done(String node) {
        InMemoryHost host = hosts.get(node);
        return host == null ? List.of() : List.copyOf(host.done);
    }

    /**
     * Returns how many round trips were made to a node.
     *
     * @param node the node's name
     * @return requests of any kind; a step and the probes behind it are one
     */
    public int roundTrips(String node) {
        InMemoryHost host = hosts.get(node);
        return host == null ? 0 : host.roundTrips.get();
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

    private RehearsedAnswers answers(String node) {
        return answers.computeIfAbsent(node, name -> new RehearsedAnswers());
    }

    private final class InMemoryHost implements RemoteHost {
        private final Node node;
        private final RehearsedAnswers answers;
        private final List<Request> done = new CopyOnWriteArrayList<>();
        private final AtomicInteger roundTrips = new AtomicInteger();

        InMemoryHost(Node node, RehearsedAnswers answers) {
            this.node = node;
            this.answers = answers;
        }

        @Override
        public Node node() {
            return node;
        }

        @Override
        public CommandResult run(Command command) throws InterruptedException {
            roundTrips.incrementAndGet();
            return take(new Request(Optional.empty(), Optional.of(command), List.of()));
        }

        @Override
        public Map<String, String> observe(List<Probe> probes) throws InterruptedException {
            roundTrips.incrementAndGet();
            take(new Request(Optional.empty(), Optional.empty(), probes));
            return answers.of(probes);
        }

        @Override
        public Optional<Rehearsal> rehearsal() {
            return Optional.of((question, leaves, command) -> {
                CommandResult result = take(new Request(Optional.of(question.id()), command, List.of(question)));
                if (result.succeeded()) {
                    answers.settle(question, leaves);
                }
                return result;
            });
        }

        private CommandResult take(Request request) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            checkOpen();
            CommandResult result = behaviour.apply(node, request);
            if (result.succeeded() && !request.looks()) {
                done.add(request);
            }
            return result;
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
        public Tunnel relay(String host, int port) {
            return forward(host, port);
        }

        @Override
        public String toString() {
            return node.name() + " in memory";
        }
    }
}
