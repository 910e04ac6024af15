package io.pgha.os;

import io.pgha.Problem;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.resource.FileResource;
import io.pgha.spi.PreflightRule;
import java.util.Optional;
import java.util.function.Function;

/**
 * The file that tells which cluster a host belongs to and as which node: written before anything else, so that whatever
 * a later plan finds on a claimed host is ours. Stateless, thread-safe, no I/O.
 */
public final class Claim {
    /** Where the file is. */
    public static final String PATH = "/var/lib/pgha/cluster";

    private static final String CLAIMED = "claimed";

    private Claim() {}

    /**
     * Returns a rule that is only asked on a host that no cluster has claimed yet: what is found later is our own. On a
     * claimed host it costs nothing.
     *
     * @param node where
     * @param name the rule's name, unique on the node, for example {@code ports}
     * @param script POSIX {@code sh}; prints nothing on a bare machine
     * @param judge turns the script's answer into a problem
     * @return the rule
     */
    public static PreflightRule unclaimed(
            Node node, String name, String script, Function<String, Optional<Problem>> judge) {
        return new PreflightRule(
                node,
                new Probe(
                        "preflight:" + name,
                        "if [ -e " + PATH + " ]; then echo " + CLAIMED + "; else\n" + script + "\nfi",
                        ""),
                answer -> answer.equals(CLAIMED) ? Optional.empty() : judge.apply(answer));
    }

    /**
     * Returns the file of a node.
     *
     * @param config the cluster
     * @param node the node
     * @return the file
     */
    public static FileResource resource(ClusterConfig config, Node node) {
        return FileResource.at(PATH).content(content(config, node)).build();
    }

    private static String content(ClusterConfig config, Node node) {
        return "cluster=" + config.name() + "\nnode=" + node.name() + "\n";
    }
}
