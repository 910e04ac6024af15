package io.pgha.host;

import io.pgha.Problem;
import io.pgha.model.Node;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Leads connections to a service's nodes through their machines' own connections, one {@link Tunnel} an address, each opened when it is
 * first asked for. An address that is no node's is connected to directly. Thread-safe.
 */
public final class Tunnels implements UnaryOperator<InetSocketAddress>, AutoCloseable {
    private final Transport transport;
    private final List<Node> nodes;
    private final String service;
    private final Map<InetSocketAddress, Tunnel> open = new HashMap<>();

    /**
     * Makes the ways to some nodes; opens none.
     *
     * @param transport the way to the machines; it stays the caller's
     * @param nodes the nodes whose addresses are reached through their machines
     * @param service what is reached, for messages, for example {@code etcd}
     */
    public Tunnels(Transport transport, Collection<Node> nodes, String service) {
        this.transport = transport;
        this.nodes = List.copyOf(nodes);
        this.service = service;
    }

    /**
     * Returns where to connect to instead. Does network I/O and blocks where a tunnel has to be opened.
     *
     * @param member an address and port as the node's own machine reaches it
     * @return the local end of a tunnel, or the address itself
     * @throws HostException when the node's machine is not reached; {@code host.interrupted}, with the thread's interrupt kept
     */
    @Override
    public InetSocketAddress apply(InetSocketAddress member) {
        return nodes.stream()
                .filter(node -> node.address().equals(member.getHostString()))
                .findFirst()
                .map(node -> tunnel(node, member))
                .orElse(member);
    }

    private synchronized InetSocketAddress tunnel(Node node, InetSocketAddress member) {
        Tunnel known = open.get(member);
        if (known == null) {
            known = forward(node, member);
            open.put(member, known);
        }
        return known.localAddress();
    }

    private Tunnel forward(Node node, InetSocketAddress member) {
        try {
            return transport.connect(node).forward(member.getHostString(), member.getPort());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException(
                    Problem.on(
                            node.name(),
                            "host.interrupted",
                            "Opening a tunnel to " + service + " at " + member + " was interrupted",
                            "Call again."),
                    e);
        }
    }

    /** Closes all tunnels. Safe to call twice. */
    @Override
    public synchronized void close() {
        open.values().forEach(Tunnel::close);
        open.clear();
    }
}
