package io.pgha.host;

import java.net.InetSocketAddress;

/** A local TCP port whose connections come out on the far side of a {@link RemoteHost}. Thread-safe. */
public interface Tunnel extends AutoCloseable {

    /**
     * Returns the address to connect to, always on the loopback interface of this machine.
     *
     * @return host and port
     */
    InetSocketAddress localAddress();

    /** Closes the port and the connections through it. Safe to call twice. */
    @Override
    void close();
}
