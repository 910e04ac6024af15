package io.pgha.host;

import io.pgha.Given;
import io.pgha.Problem;
import io.pgha.model.Node;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Leads connections to a service's nodes through their machines' own connections, one {@link Tunnel} an address, each
 * opened when it is first asked for. An address that is no node's is connected to directly. Thread-safe.
 */
public final class Tunnels implements UnaryOperator<InetSocketAddress>, AutoCloseable {
    private final Transport transport;
    private final List<Node> nodes;
    private final String service;
    private final Way way;
    private final Map<InetSocketAddress, Tunnel> open = new HashMap<>();

    /** How an address is reached through a machine. */
    private interface Way {
        Tunnel open(RemoteHost machine, String host, int port) throws InterruptedException;
    }

    private Tunnels(Transport transport, Collection<Node> nodes, String service, Way way) {
        this.transport = transport;
        this.nodes = List.copyOf(nodes);
        this.service = service;
        this.way = way;
    }

    /**
     * Makes the ways to some nodes; opens none. A machine that forbids tunnels is an error
     * ({@link HostException#FORWARDING_FORBIDDEN}).
     *
     * @param transport the way to the machines; it stays the caller's
     * @param nodes the nodes whose addresses are reached through their machines
     * @param service what is reached, for messages, for example {@code etcd}
     */
    public Tunnels(Transport transport, Collection<Node> nodes, String service) {
        this(transport, nodes, service, RemoteHost::forward);
    }

    /**
     * Makes the same, with relays through the machines that forbid tunnels: dearer ones, for few connections at once,
     * but for what must not depend on what a machine's server allows.
     *
     * @param transport the way to the machines; it stays the caller's
     * @param nodes the nodes whose addresses are reached through their machines
     * @param service what is reached, for messages, for example {@code etcd}
     * @return the ways, none of them open
     */
    public static Tunnels relayed(Transport transport, Collection<Node> nodes, String service) {
        Given.value(transport, "transport");
        Given.value(nodes, "nodes");
        Given.value(service, "service");
        return new Tunnels(transport, nodes, service, Tunnels::forwardOrRelay);
    }

    private static Tunnel forwardOrRelay(RemoteHost machine, String host, int port) throws InterruptedException {
        try {
            return machine.forward(host, port);
        } catch (HostException e) {
            if (!e.code().equals(HostException.FORWARDING_FORBIDDEN)) {
                throw e;
            }
            return machine.relay(host, port);
        }
    }

    /**
     * Returns where to connect to instead. Does network I/O and blocks where a tunnel has to be opened.
     *
     * @param member an address and port as the node's own machine reaches it
     * @return the local end of a tunnel, or the address itself
     * @throws HostException when the node's machine is not reached; {@code host.interrupted}, with the thread's
     *     interrupt kept
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
            return way.open(transport.connect(node), member.getHostString(), member.getPort());
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
