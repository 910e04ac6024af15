package io.pgha.patroni.internal.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/** Makes sockets that connect where a {@link Link} leads. Made by the JDBC driver; thread-safe. */
public final class RoutedSocketFactory extends SocketFactory {
    private final Link link;

    /**
     * Finds the link.
     *
     * @param key the link's key
     */
    public RoutedSocketFactory(String key) {
        this.link = Link.of(key);
    }

    @Override
    public Socket createSocket() {
        Socket socket = new Socket() {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                InetSocketAddress server = (InetSocketAddress) endpoint;
                InetSocketAddress target =
                        link.target(InetSocketAddress.createUnresolved(server.getHostString(), server.getPort()));
                InetSocketAddress resolved = target.isUnresolved()
                        ? new InetSocketAddress(target.getHostString(), target.getPort())
                        : target;
                if (resolved.isUnresolved()) {
                    throw new UnknownHostException(target.getHostString());
                }
                super.connect(resolved, timeout);
            }
        };
        link.keep(socket);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved(host, port), 0);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostAddress(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address.getHostAddress(), port);
    }
}
