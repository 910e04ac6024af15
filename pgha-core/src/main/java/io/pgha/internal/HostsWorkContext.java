package io.pgha.internal;

import io.pgha.PgHaException;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.host.Tunnels;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.WorkContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Lets one step work from here, under the lock; its ways to the hosts end with it. */
final class HostsWorkContext implements WorkContext, AutoCloseable {
    private static final Command NOTHING = Command.sh(":");

    private final HostsStepContext hosts;
    private final Node node;
    private final HeldLock lock;
    private final Tunnels tunnels;
    private final Consumer<String> output;
    private final Function<String, PgHaException> failure;

    HostsWorkContext(
            HostsStepContext hosts,
            Node node,
            HeldLock lock,
            Tunnels tunnels,
            Consumer<String> output,
            Function<String, PgHaException> failure) {
        this.hosts = hosts;
        this.node = node;
        this.lock = lock;
        this.tunnels = tunnels;
        this.output = output;
        this.failure = failure;
    }

    @Override
    public Node node() {
        return node;
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
    public String observe(Node at, Probe probe) throws InterruptedException {
        return hosts.observe(at, probe);
    }

    @Override
    public CommandResult run(Node at, Command command) throws InterruptedException {
        lock.check();
        CommandResult result = hosts.run(at, lock.guarded(command));
        Optional<PgHaException> refusal = lock.refusal(at, result.exitStatus(), result.stderr());
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return result;
    }

    @Override
    public void claim() throws InterruptedException {
        CommandResult result = run(node, NOTHING);
        if (!result.succeeded()) {
            throw failed("could not make sure of the lock: " + result.stderr().strip());
        }
    }

    @Override
    public void awaitNoObjection(
            Node at, Probe probe, Function<String, Optional<String>> objection, Duration limit, String what)
            throws InterruptedException {
        hosts.awaitNoObjection(at, probe, objection, limit, what);
    }

    @Override
    public UnaryOperator<InetSocketAddress> route() {
        return tunnels;
    }

    @Override
    public void say(String line) {
        output.accept(line);
    }

    @Override
    public PgHaException failed(String why) {
        return failure.apply(why);
    }

    @Override
    public void close() {
        tunnels.close();
    }
}
