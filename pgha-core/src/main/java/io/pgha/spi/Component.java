package io.pgha.spi;

import io.pgha.Problem;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.port.Offer;
import java.util.List;
import java.util.Set;

/**
 * Declares what a part of the stack needs on the hosts. Components never talk to each other: all that they share is in
 * the {@link PlanContext}, and what one {@linkplain #offers() offers} is found by its type.
 *
 * <p>Implementations are immutable and thread-safe. All methods are pure but for the secret store and the authority.
 */
public interface Component {

    /**
     * Returns the component's name, for example {@code etcd}.
     *
     * @return the name, lower case
     */
    String name();

    /**
     * Returns the roles that it serves: a node that has one gets from this component what the role promises. A plan is
     * refused while no component serves a role of the topology.
     *
     * @return the roles; none by default
     */
    default Set<NodeRole> roles() {
        return Set.of();
    }

    /**
     * Returns what it offers the other components of a cluster, for example the certificates; of a type, one installed
     * component may.
     *
     * @return the offers; none by default
     */
    default List<Offer<?>> offers() {
        return List.of();
    }

    /**
     * Returns the Debian packages that it needs on a node; all components' packages are installed in one go.
     *
     * @param context the cluster and its machines
     * @param node the node
     * @return package names; empty by default
     */
    default List<String> packages(PlanContext context, Node node) {
        return List.of();
    }

    /**
     * Returns what must be on a node before any package is installed, for example a setting that a maintainer script
     * reads.
     *
     * @param context the cluster and its machines
     * @param node the node
     * @return the resources; none by default
     */
    default List<Resource> beforePackages(PlanContext context, Node node) {
        return List.of();
    }

    /**
     * Returns what is wrong with the machines taken together, from their facts alone.
     *
     * @param context the cluster and its machines
     * @return the problems; none by default
     */
    default List<Problem> check(PlanContext context) {
        return List.of();
    }

    /**
     * Returns what must hold before anything is touched.
     *
     * @param context the cluster and its machines
     * @return the rules; none by default
     */
    default List<PreflightRule> preflight(PlanContext context) {
        return List.of();
    }

    /**
     * Returns how the files that this component has written on the hosts tell which configuration made them.
     *
     * @param context the cluster and its machines
     * @return the traces; none by default
     */
    default List<Trace> traces(PlanContext context) {
        return List.of();
    }

    /**
     * Returns the stages, in order within each phase.
     *
     * @param context the cluster and its machines
     * @return the stages
     */
    List<StageSpec> stages(PlanContext context);
}
