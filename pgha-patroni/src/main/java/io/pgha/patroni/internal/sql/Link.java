package io.pgha.patroni.internal.sql;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * How one connection reaches its server: the route, and whom to trust. The driver's factories find it by its key for as
 * long as it is open. Thread-safe.
 */
public final class Link implements AutoCloseable {
    private static final Map<String, Link> OPEN = new ConcurrentHashMap<>();

    private final String key = UUID.randomUUID().toString();
    private final UnaryOperator<InetSocketAddress> route;
    private final Optional<SSLContext> tls;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private Link(UnaryOperator<InetSocketAddress> route, Optional<SSLContext> tls) {
        this.route = route;
        this.tls = tls;
    }

    /**
     * Opens a link. Does no I/O.
     *
     * @param route where to connect for a server's address
     * @param tls whom to trust; empty where the connection is not encrypted
     * @return the link; close it after the connection
     */
    public static Link open(UnaryOperator<InetSocketAddress> route, Optional<SSLContext> tls) {
        Link link = new Link(route, tls);
        OPEN.put(link.key, link);
        return link;
    }

    /**
     * Returns the name under which the driver's factories find this link.
     *
     * @return the key
     */
    public String key() {
        return key;
    }

    /** Closes all sockets at once, so that whoever waits on one of them is told; the link is of no more use. */
    @Override
    public void close() {
        OPEN.remove(key);
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is closed all the same, and nobody is left to tell.
            }
        }
    }

    static Link of(String key) {
        Link link = OPEN.get(key);
        if (link == null) {
            throw new IllegalStateException("The connection was given up");
        }
        return link;
    }

    SSLContext tls() {
        return tls.orElseThrow(() -> new IllegalStateException("This connection is not encrypted"));
    }

    InetSocketAddress target(InetSocketAddress server) {
        return route.apply(server);
    }

    void keep(Socket socket) {
        sockets.add(socket);
    }
}
