package io.pgha.testing;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.WorkContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A step's surroundings on {@link ScriptedHosts}; remembers what was claimed and said. */
public final class ScriptedWork implements WorkContext {
    private final ScriptedHosts hosts;
    private final Node node;
    private final UnaryOperator<InetSocketAddress> route;
    private final List<String> said = new ArrayList<>();
    private int claims;
    private boolean lost;

    /**
     * Creates the surroundings of one step.
     *
     * @param hosts the hosts
     * @param node where the step is done
     * @param route the ways to the daemons
     */
    public ScriptedWork(ScriptedHosts hosts, Node node, UnaryOperator<InetSocketAddress> route) {
        this.hosts = hosts;
        this.node = node;
        this.route = route;
    }

    /** Lets somebody else take the lock. */
    public void loseLock() {
        lost = true;
    }

    /**
     * Returns how often the lock was made sure of.
     *
     * @return the number
     */
    public int claims() {
        return claims;
    }

    /**
     * Returns what was told.
     *
     * @return the lines in order
     */
    public List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void claim() {
        claims++;
        if (lost) {
            throw new PgHaException(Problem.of("run.lock-lost", "The lock was lost", "Plan again."));
        }
    }

    @Override
    public UnaryOperator<InetSocketAddress> route() {
        return route;
    }

    @Override
    public void say(String line) {
        said.add(line);
    }

    @Override
    public PgHaException failed(String why) {
        return new PgHaException(Problem.on(node.name(), "run.step-failed", why, "Plan again."));
    }

    @Override
    public ClusterConfig config() {
        return hosts.config();
    }

    @Override
    public HostFacts facts(Node of) {
        return hosts.facts(of);
    }

    @Override
    public String observe(Node at, Probe probe) {
        return hosts.observe(at, probe);
    }

    @Override
    public CommandResult run(Node at, Command command) {
        return hosts.run(at, command);
    }

    @Override
    public void awaitNoObjection(
            Node at, Probe probe, Function<String, Optional<String>> objection, Duration limit, String what) {
        hosts.awaitNoObjection(at, probe, objection, limit, what);
    }
}
