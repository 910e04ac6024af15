package io.pgha.spi;

import io.pgha.model.Node;
import io.pgha.plan.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.immutables.value.Value;

/** Declares a stage: resources in order for each node, and how the nodes take turns. Immutable and thread-safe. */
@Value.Immutable
public interface StageSpec {

    /**
     * Returns the phase it belongs to. Stages of one phase keep the order in which components declare them.
     *
     * @return the phase
     */
    Phase phase();

    /**
     * Returns what the stage is about, as a plan prints it.
     *
     * @return a few words, for example {@code etcd members}
     */
    String title();

    /**
     * Returns how the nodes take turns.
     *
     * @return {@link RollingPolicy#together()} by default
     */
    @Value.Default
    default RollingPolicy policy() {
        return RollingPolicy.together();
    }

    /**
     * Returns the resources of each node, in the order in which they are made so.
     *
     * @return resources by node
     */
    Map<Node, List<Resource>> lanes();

    /**
     * Returns what belongs to the cluster as a whole; it is made so before the nodes take their turns.
     *
     * @return the lane; none by default
     */
    Optional<ClusterLane> cluster();

    /**
     * Returns a builder.
     *
     * @param phase the phase
     * @param title what the stage is about
     * @return a new builder; add nodes with {@code lane}
     */
    static Builder of(Phase phase, String title) {
        return new Builder().phase(phase).title(title);
    }

    /** Builds a {@link StageSpec}. Confined to one thread. */
    final class Builder extends ImmutableStageSpec.Builder {
        Builder() {}

        /**
         * Adds a node's resources.
         *
         * @param node the node
         * @param resources what it must have, in order
         * @return this builder
         */
        public Builder lane(Node node, Resource... resources) {
            return lane(node, List.of(resources));
        }

        /**
         * Sets what belongs to the cluster as a whole.
         *
         * @param nodes the nodes that could tell of it, the preferred ones first
         * @param view what the cluster must have, in order, as a node sees it
         * @return this builder
         */
        public Builder cluster(List<Node> nodes, Function<Node, List<Resource>> view) {
            Map<Node, List<Resource>> views = new LinkedHashMap<>();
            nodes.forEach(node -> views.put(node, view.apply(node)));
            return cluster(new ClusterLane(views));
        }
    }
}
