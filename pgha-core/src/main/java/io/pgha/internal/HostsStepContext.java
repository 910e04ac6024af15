package io.pgha.internal;

import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.net.Deadline;
import io.pgha.spi.StepContext;
import io.pgha.text.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lets a policy ask the hosts while a run goes on. */
final class HostsStepContext implements StepContext {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ClusterConfig config;
    private final Hosts hosts;

    HostsStepContext(ClusterConfig config, Hosts hosts) {
        this.config = config;
        this.hosts = hosts;
    }

    @Override
    public ClusterConfig config() {
        return config;
    }

    @Override
    public HostFacts facts(Node node) {
        return hosts.facts(node);
    }

    @Override
    public String observe(Node node, Probe probe) throws InterruptedException {
        return hosts.observe(node, List.of(probe)).getOrDefault(probe.id(), probe.bare());
    }

    @Override
    public CommandResult run(Node node, Command command) throws InterruptedException {
        return hosts.host(node).run(command);
    }

    @Override
    public void awaitNoObjection(
            Node node, Probe probe, Function<String, Optional<String>> objection, Duration limit, String what)
            throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        Optional<String> why = objection.apply(observe(node, probe));
        while (why.isPresent()) {
            if (deadline.passed()) {
                throw new HostException(
                        Problem.on(
                                node.name(),
                                "run.wait-timeout",
                                "Waited " + DurationText.of(limit) + " until " + what + "; "
                                        + hosts.redaction().covered(why.get()),
                                "Look at " + node.name() + " (" + node.address()
                                        + "); nothing further was changed. Plan" + " again when it is well."),
                        null);
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            why = objection.apply(observe(node, probe));
        }
    }
}
