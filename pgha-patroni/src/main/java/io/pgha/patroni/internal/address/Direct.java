package io.pgha.patroni.internal.address;

import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;

/** The route that is none. Stateless. */
public final class Direct {
    public static final UnaryOperator<InetSocketAddress> ROUTE = UnaryOperator.identity();

    private Direct() {}

    /** Returns whether nothing has to be waited for before a connection to a member can be begun: no tunnel and no name service. */
    public static boolean reaches(UnaryOperator<InetSocketAddress> route, Endpoint endpoint) {
        return route.equals(ROUTE) && literal(endpoint.host());
    }

    private static boolean literal(String host) {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
