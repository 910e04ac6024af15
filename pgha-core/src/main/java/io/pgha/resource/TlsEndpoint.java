package io.pgha.resource;

import io.pgha.net.HostPort;

/**
 * A port at which a daemon shows its certificate. Immutable.
 *
 * @param name what is there, as status reports print it, for example {@code etcd peer}
 * @param address the IP address at which the daemon listens, as its own machine reaches it
 * @param port the TCP port
 * @param opening what comes before the TLS handshake
 */
public record TlsEndpoint(String name, String address, int port, Opening opening) {

    /** Names what a client says before it shakes hands. */
    public enum Opening {
        /** Nothing: the first byte is TLS. */
        TLS,
        /** PostgreSQL's {@code SSLRequest}. */
        POSTGRES
    }

    /**
     * Returns where that is.
     *
     * @return address and port
     */
    public HostPort place() {
        return new HostPort(address, port);
    }

    @Override
    public String toString() {
        return name + " at " + place();
    }
}
