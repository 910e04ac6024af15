package io.pgha.model;

import io.pgha.Given;
import java.util.List;
import java.util.function.UnaryOperator;
import org.immutables.value.Value;

/**
 * Lists the machines of a cluster and its virtual IPs.
 *
 * <p>A cluster has 1, 3 or 5 nodes with {@link NodeRole#ETCD} (on the PostgreSQL nodes or on their own), any number
 * with {@link NodeRole#POSTGRES}, and any number, also none, with {@link NodeRole#HAPROXY}; a virtual IP needs the
 * latter, all in its subnet or with the interface that it names. All addresses are of one family, IPv4 or IPv6.
 * {@link ClusterConfig} checks this.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface Topology {
    /**
     * Returns the machines.
     *
     * @return the nodes, in the order given; no two with one name (in whatever case) or address
     */
    List<Node> nodes();

    /**
     * Returns the virtual IPs on the HAProxy nodes.
     *
     * @return the virtual IPs; empty by default
     */
    List<Vip> vips();

    /**
     * Returns the nodes that have a role.
     *
     * @param role the role
     * @return the nodes in the order of the topology
     */
    default List<Node> nodes(NodeRole role) {
        Given.value(role, "role");
        return nodes().stream().filter(node -> node.has(role)).toList();
    }

    /**
     * Returns the text that {@code toString} shows: a line with the numbers, at most 72 characters long, then a line
     * for each node and virtual IP.
     *
     * @return several lines
     */
    default String describe() {
        return Descriptions.of(this);
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link Topology}. Confined to one thread. */
    final class Builder extends ImmutableTopology.Builder {
        Builder() {}

        /**
         * Adds a machine.
         *
         * @param name the unique name
         * @param address the IP address
         * @param roles what runs on it
         * @return this builder
         */
        public Builder node(String name, String address, NodeRole... roles) {
            Given.value(roles, "roles");
            return node(Node.builder().name(name).address(address).roles(roles).build());
        }

        /**
         * Adds a machine with more than name, address and roles.
         *
         * @param node completes the node's builder
         * @return this builder
         */
        public Builder node(UnaryOperator<Node.Builder> node) {
            return node(Given.completed(Node.builder(), node, "node").build());
        }

        /**
         * Adds a virtual IP with default settings.
         *
         * @param cidr address and prefix length, for example {@code 192.168.60.110/24}
         * @return this builder
         */
        public Builder vip(String cidr) {
            Given.value(cidr, "cidr");
            return vip(Vip.of(cidr));
        }

        /**
         * Adds a virtual IP.
         *
         * @param vip completes the virtual IP's builder
         * @return this builder
         */
        public Builder vip(UnaryOperator<Vip.Builder> vip) {
            return vip(Given.completed(Vip.builder(), vip, "vip").build());
        }
    }
}
