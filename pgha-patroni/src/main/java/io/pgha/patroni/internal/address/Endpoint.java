package io.pgha.patroni.internal.address;

import io.pgha.client.ClientOptions;
import io.pgha.client.OptionRules;
import io.pgha.net.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The scheme and the place of one member's REST API. Immutable. */
public record Endpoint(String scheme, HostPort place) {
    /** What a client's options must be like; Patroni's own port where an endpoint has none. */
    public static final OptionRules RULES =
            new OptionRules("patroni.options", 8008, "https://10.0.0.1:8008", "basicAuth(user, password)");

    /** Returns the endpoint that a URI such as {@code https://10.0.0.1:8008/patroni} names, if it is a sound one. */
    public static Optional<Endpoint> from(URI uri) {
        return RULES.place(uri).map(place -> new Endpoint(uri.getScheme().toLowerCase(Locale.ROOT), place));
    }

    /** Returns the endpoint that a member advertises as its {@code api_url}, if it is a sound one. */
    public static Optional<Endpoint> fromApiUrl(String apiUrl) {
        try {
            return from(new URI(apiUrl));
        } catch (URISyntaxException e) {
            return Optional.empty(); // a member may advertise anything; one that cannot be called is not called
        }
    }

    /** Returns whether a connection can be begun at once: there is no tunnel and no name service to wait for. */
    public boolean isDirect(UnaryOperator<InetSocketAddress> route) {
        String host = host();
        boolean literal = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        return literal && route.equals(ClientOptions.DIRECT);
    }

    public boolean tls() {
        return scheme.equals("https");
    }

    /** Returns the host without brackets, as certificates have it. */
    public String host() {
        return place.host();
    }

    public InetSocketAddress address() {
        return place.unresolved();
    }

    /** Returns the URI of a path at the place where the connection goes to. */
    public URI uri(InetSocketAddress at, String path) {
        return URI.create(scheme + "://" + HostPort.of(at) + path);
    }

    @Override
    public String toString() {
        return scheme + "://" + place;
    }
}
