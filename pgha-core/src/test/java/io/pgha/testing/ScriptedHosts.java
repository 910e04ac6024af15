package io.pgha.testing;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostFacts;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.spi.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hosts that answer probes from a table and remember what was asked of them; no time passes while they are waited for.
 */
public final class ScriptedHosts implements StepContext {
    private final ClusterConfig config;
    private final String release;
    private final Map<String, Supplier<String>> answers = new ConcurrentHashMap<>();
    private final List<String> waits = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();

    /**
     * Creates hosts on which every probe answers as on a bare machine.
     *
     * @param config the cluster
     * @param release the code name of every machine's release
     */
    public ScriptedHosts(ClusterConfig config, String release) {
        this.config = config;
        this.release = release;
    }

    /**
     * Says what a probe answers from now on.
     *
     * @param node the node's name
     * @param probe the probe's id
     * @param answer what it prints
     * @return these hosts
     */
    public ScriptedHosts answer(String node, String probe, String answer) {
        return answer(node, probe, () -> answer);
    }

    /**
     * Says how a probe answers from now on.
     *
     * @param node the node's name
     * @param probe the probe's id
     * @param answer makes what it prints, each time
     * @return these hosts
     */
    public ScriptedHosts answer(String node, String probe, Supplier<String> answer) {
        answers.put(node + " " + probe, answer);
        return this;
    }

    /**
     * Returns what was waited for.
     *
     * @return {@code NODE PROBE}, in order
     */
    public List<String> waits() {
        return List.copyOf(waits);
    }

    /**
     * Returns what was run.
     *
     * @return {@code NODE SCRIPT}, in order
     */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    @Override
    public ClusterConfig config() {
        return config;
    }

    @Override
    public HostFacts facts(Node node) {
        return FixedPlanContext.facts(release, node);
    }

    @Override
    public String observe(Node node, Probe probe) {
        return answers.getOrDefault(node.name() + " " + probe.id(), probe::bare).get();
    }

    @Override
    public CommandResult run(Node node, Command command) {
        commands.add(node.name() + " " + command.script());
        return new CommandResult(0, "", "");
    }

    @Override
    public void awaitNoObjection(
            Node node, Probe probe, Function<String, Optional<String>> objection, Duration limit, String what) {
        waits.add(node.name() + " " + probe.id());
        objection.apply(observe(node, probe)).ifPresent(why -> {
            throw new PgHaException(
                    Problem.on(node.name(), "run.wait-timeout", "waited for: " + what + "; " + why, "Look."));
        });
    }
}
