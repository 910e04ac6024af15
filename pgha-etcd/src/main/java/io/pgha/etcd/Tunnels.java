package io.pgha.etcd;

import io.pgha.Problem;
import io.pgha.host.HostException;
import io.pgha.host.Transport;
import io.pgha.host.Tunnel;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Routes requests to members through the SSH connections of their cluster, one tunnel a member. Thread-safe. */
final class Tunnels implements UnaryOperator<InetSocketAddress>, AutoCloseable {
    private final ClusterConfig config;
    private final Transport transport;
    private final Map<InetSocketAddress, Tunnel> open = new HashMap<>();

    Tunnels(ClusterConfig config, Transport transport) {
        this.config = config;
        this.transport = transport;
    }

    /** A member's port as its own machine reaches it; an address that is no node's is connected to directly. */
    @Override
    public InetSocketAddress apply(InetSocketAddress member) {
        return config.etcdNodes().stream()
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
                            "Opening a tunnel to etcd at " + member + " was interrupted",
                            "Call again."),
                    e);
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Tunnel::close);
        open.clear();
    }
}
