package io.pgha.internal.record;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;

/** What a user does by hand about nodes that leave, while no plan does it. Stateless; no I/O. */
public final class Departure {
    static final String DIRECTORY = "/var/lib/pgha/departed";

    private Departure() {}

    /** Returns the command that tells that a node or a virtual IP was taken away. */
    static String tell(String name) {
        return "mkdir -p " + DIRECTORY + " && touch " + DIRECTORY + "/" + name;
    }

    /**
     * Adds to what is wrong with a host that cannot be reached what can be done when it is lost.
     *
     * @param problem why it cannot be reached
     * @param node the node
     * @return the problem with the ways on
     */
    public static Problem lost(Problem problem, Node node) {
        // A command at the end is to be copied as it stands: nothing may touch it.
        String separator = problem.remedy().endsWith(".") ? " A" : " ; a";
        String replace = separator + " plan needs every host. If the machine of a deployed " + node.name()
                + " is lost, install another one at " + node.address() + ": the next plan sets it up"
                + (node.has(NodeRole.ETCD) ? ", and etcd's member is replaced" : "");
        String leave = node.has(NodeRole.ETCD)
                ? "."
                : ". Or see that it never boots again, run on one of the other hosts: " + tell(node.name())
                        + " ; and plan without " + node.name() + ".";
        return new Problem(problem.code(), problem.node(), problem.message(), problem.remedy() + replace + leave);
    }
}
