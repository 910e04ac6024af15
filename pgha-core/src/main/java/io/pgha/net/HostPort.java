package io.pgha.net;

import io.pgha.Given;
import java.net.InetSocketAddress;

/**
 * A place where a server listens; {@code toString} is {@code 10.0.0.1:2379}, and {@code [fd00::1]:2379} for an IPv6
 * address, as URLs and configuration files want it. Immutable; does no I/O and asks no name server.
 *
 * @param host a name or an IP address; the brackets that a URI has around an IPv6 address are left out
 * @param port the TCP port
 */
public record HostPort(String host, int port) {

    /**
     * Creates the place.
     *
     * @param host a name or an IP address, with or without brackets
     * @param port the TCP port
     */
    public HostPort {
        Given.value(host, "host");
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Returns where a socket address points to.
     *
     * @param address resolved or not
     * @return the place, with the name where the address has one
     */
    public static HostPort of(InetSocketAddress address) {
        Given.value(address, "address");
        return new HostPort(address.getHostString(), address.getPort());
    }

    /**
     * Returns the place as an address to connect to.
     *
     * @return the address, not resolved yet
     */
    public InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /**
     * Returns the host as it is written before a port.
     *
     * @return the host; in brackets where it is an IPv6 address
     */
    public String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return bracketed() + ":" + port;
    }
}
