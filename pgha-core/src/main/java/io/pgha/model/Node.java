package io.pgha.model;

import io.pgha.Given;
import io.pgha.model.internal.text.Numbers;
import io.pgha.net.HostPort;
import java.util.Map;
import java.util.Set;
import org.immutables.value.Value;

/**
 * Describes one machine of the cluster.
 *
 * <p>Immutable and thread-safe.
 */
@Value.Immutable
public interface Node {
    /**
     * Returns the unique name, used as etcd and Patroni member name and in certificates.
     *
     * @return a host name of at most 63 characters that differs from every other node's in more than case, {@code .}
     *     and {@code -}, which Patroni folds into one replication slot
     */
    String name();

    /**
     * Returns the IP address that the other nodes reach it by and that the daemons listen on.
     *
     * @return an IPv4 or IPv6 address, never a name
     */
    String address();

    /**
     * Returns what runs on it.
     *
     * @return at least one role
     */
    Set<NodeRole> roles();

    /**
     * Returns the address or name that the operator reaches its SSH server by.
     *
     * @return the SSH host; {@link #address()} by default
     */
    @Value.Default
    default String sshAddress() {
        return address();
    }

    /**
     * Returns the TCP port of its SSH server.
     *
     * @return the port; 22 by default
     */
    @Value.Default
    default int sshPort() {
        return 22;
    }

    /**
     * Returns Patroni's tags for this member, for example {@code nofailover}.
     *
     * @return text, number or boolean by name; empty by default, as in Patroni. {@code nofailover},
     *     {@code noloadbalance}, {@code nosync}, {@code clonefrom} and {@code nostream} are booleans,
     *     {@code failover_priority} and {@code sync_priority} whole numbers, {@code replicatefrom} another PostgreSQL
     *     node's name
     */
    Map<String, Object> tags();

    /**
     * Returns whether the node has a role.
     *
     * @param role the role
     * @return whether it runs here
     */
    default boolean has(NodeRole role) {
        Given.value(role, "role");
        return roles().contains(role);
    }

    /**
     * Returns this node's address with a port, as URLs and configuration files want it.
     *
     * @param port the TCP port
     * @return for example {@code 10.0.0.1:2379}, or {@code [fd00::1]:2379} for an IPv6 address
     */
    default String hostPort(int port) {
        return new HostPort(address(), port).toString();
    }

    /**
     * Returns the text that {@code toString} shows, for example {@code postgres-01 192.168.60.103 [ETCD, POSTGRES]}.
     *
     * @return one line
     */
    default String describe() {
        return name() + " " + address() + " " + roles();
    }

    /**
     * Returns this node with every number among its tags in its narrowest type; builders call it, so that {@code 1} and
     * {@code 1L} make equal nodes.
     *
     * @return this node, or an equal one with other types
     */
    @Value.Check
    default Node normalized() {
        Map<String, Object> normalized = Numbers.normalized(tags());
        return normalized.equals(tags())
                ? this
                : builder().from(this).tags(normalized).build();
    }

    /**
     * Returns a builder with the defaults that the attributes name.
     *
     * @return a new builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Builds {@link Node}. Confined to one thread. */
    final class Builder extends ImmutableNode.Builder {
        Builder() {}
    }
}
