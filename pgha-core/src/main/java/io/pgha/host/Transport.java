package io.pgha.host;

import io.pgha.model.Node;

/**
 * Reaches machines; the one way in which pgha touches a host.
 *
 * <p>Implementations are thread-safe. {@code io.pgha.ssh.Ssh.transport} is the real one, {@link InMemoryTransport}
 * rehearses without any host.
 */
public interface Transport extends AutoCloseable {

    /**
     * Returns the machine of a node, connecting to it where that has not happened yet. Connections are kept and shared:
     * a second call for the same node costs nothing. Does network I/O and blocks.
     *
     * @param node the node to reach
     * @return the connected machine
     * @throws HostException when it cannot be reached, does not prove its identity or does not let us in
     * @throws InterruptedException when the calling thread is interrupted while it waits
     */
    RemoteHost connect(Node node) throws InterruptedException;

    /**
     * Closes every connection. Further calls fail with {@link HostException#closed()}, also those of its hosts. Safe to
     * call twice.
     */
    @Override
    void close();
}
