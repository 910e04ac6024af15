package io.pgha.patroni.internal.address;

import io.pgha.Problem;
import io.pgha.client.HostPort;
import io.pgha.model.InvalidConfigException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The scheme and the place of one member's REST API. Immutable. */
public record Endpoint(String scheme, HostPort place) {
    private static final int PATRONI_PORT = 8008;

    /** Returns the endpoint that a URI such as {@code https://10.0.0.1:8008/patroni} names, if it is a sound one. */
    public static Optional<Endpoint> from(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        int port = uri.getPort() == -1 ? PATRONI_PORT : uri.getPort();
        boolean sound = (scheme.equals("http") || scheme.equals("https"))
                && host != null
                && uri.getRawUserInfo() == null
                && port > 0
                && port <= 65535;
        return sound ? Optional.of(new Endpoint(scheme, new HostPort(host, port))) : Optional.empty();
    }

    /** Returns the endpoint that a member advertises as its {@code api_url}, if it is a sound one. */
    public static Optional<Endpoint> fromApiUrl(String apiUrl) {
        try {
            return from(new URI(apiUrl));
        } catch (URISyntaxException e) {
            return Optional.empty(); // a member may advertise anything; one that cannot be called is not called
        }
    }

    public static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidConfigException(List.of(Problem.of(
                    "patroni.options",
                    "An endpoint is not a URI: " + e.getReason() + " at character " + e.getIndex(),
                    "Write for example https://10.0.0.1:8008.")));
        }
    }

    public static String withoutUserInfo(URI uri) {
        return uri.toString().replaceFirst("//[^/]*@", "//****@");
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
