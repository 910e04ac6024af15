package io.pgha.examples.secrecy;

import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.InMemoryTransport;
import io.pgha.host.Probe;
import io.pgha.model.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * Hosts in memory that print what they are told and all passwords, as output and as complaint, when a command fails.
 * What they are asked to do is kept. Thread-safe.
 */
final class AngryHosts {
    private final InMemoryTransport transport = InMemoryTransport.of("trixie");
    private final KnownSecrets secrets;
    private final List<Command> commands = new ArrayList<>();
    private final Map<String, Set<Probe>> probes = new ConcurrentHashMap<>();
    private volatile boolean talking;
    private volatile BiPredicate<Node, InMemoryTransport.Request> failing = (node, request) -> false;

    AngryHosts(KnownSecrets secrets) {
        this.secrets = secrets;
        transport.behave(this::run);
    }

    InMemoryTransport transport() {
        return transport;
    }

    /** Commands that succeed print, too. */
    AngryHosts talking() {
        talking = true;
        return this;
    }

    AngryHosts failing(BiPredicate<Node, InMemoryTransport.Request> which) {
        failing = which;
        return this;
    }

    private CommandResult run(Node node, InMemoryTransport.Request request) {
        Optional<Command> command = request.command();
        synchronized (commands) {
            command.ifPresent(commands::add);
        }
        probes.computeIfAbsent(node.name(), any -> ConcurrentHashMap.newKeySet())
                .addAll(request.probes());
        boolean fails = failing.test(node, request);
        if (!fails && !talking) {
            return new CommandResult(0, "", "");
        }
        List<String> lines = new ArrayList<>();
        command.ifPresent(one -> lines.addAll(stdin(one).lines().toList()));
        lines.addAll(secrets.spelled());
        command.ifPresent(one -> lines.forEach(one.output()));
        return new CommandResult(fails ? 1 : 0, "", String.join("\n", lines));
    }

    static String stdin(Command command) {
        return new String(command.stdin(), StandardCharsets.UTF_8);
    }

    /** All commands so far, in no order. */
    List<Command> commands() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }

    /** What a node was ever asked, by the questions' names. */
    List<String> asked(String node) {
        return probes.getOrDefault(node, Set.of()).stream()
                .map(Probe::id)
                .distinct()
                .sorted()
                .toList();
    }
}
