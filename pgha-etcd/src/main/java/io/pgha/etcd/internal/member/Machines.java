package io.pgha.etcd.internal.member;

import io.pgha.Cluster;
import io.pgha.Problem;
import io.pgha.client.Async;
import io.pgha.host.Command;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.model.Node;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Runs commands on the cluster's machines, on several at once. Thread-safe. */
public final class Machines {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final Async async;

    public Machines(Cluster cluster, Async async) {
        this.cluster = cluster;
        this.async = async;
    }

    String run(Node node, String what, String script) throws InterruptedException {
        return run(node, what, script, new byte[0]);
    }

    String run(Node node, String what, String script, byte[] stdin) throws InterruptedException {
        CommandResult result = cluster.transport()
                .connect(node)
                .run(Command.builder()
                        .script(script)
                        .stdin(stdin)
                        .timeout(LIMIT)
                        .build());
        if (!result.succeeded()) {
            throw new HostException(
                    Problem.on(
                            node.name(),
                            "etcd.host-failed",
                            "Could not " + what + " (status " + result.exitStatus() + "): "
                                    + result.stderr().strip(),
                            "Correct the cause on " + node.name() + " (" + node.address() + "), then call again."),
                    null);
        }
        return result.stdout().strip();
    }

    /** Waits for all, whatever happens on one of them; throws the first failure then. */
    Map<Node, String> all(Collection<Node> nodes, String what, Function<Node, String> script, byte[] stdin)
            throws InterruptedException {
        Map<Node, Callable<String>> work = new LinkedHashMap<>();
        nodes.forEach(node -> work.put(node, () -> run(node, what, script.apply(node), stdin)));
        return async.all(work);
    }
}
