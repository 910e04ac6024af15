package io.pgha.etcd.internal.rpc;

import io.pgha.PgHaException;
import io.pgha.client.OptionRules;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.net.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks a member's HTTP gateway, which is what Patroni uses: it can be dead while gRPC is well, when the member's
 * certificate may not be used as a client's. Thread-safe.
 */
public final class Gateway {
    private static final int LONGEST_ANSWER = 4096;

    private final EtcdClientOptions options;
    private final Tls tls;

    Gateway(EtcdClientOptions options, Tls tls) {
        this.options = options;
        this.tls = tls;
    }

    /**
     * Returns why the gateway does not serve, or empty where it does. With authentication, that it asks for a user is a
     * good answer: it does so after it has asked the quorum, or before where this client's certificate has a common
     * name.
     */
    public Optional<String> defect(URI member) {
        HostPort place = new HostPort(member.getHost(), member.getPort());
        try (Socket plain = new Socket()) {
            InetSocketAddress way = options.route().apply(place.unresolved());
            plain.connect(new InetSocketAddress(way.getHostString(), way.getPort()), (int)
                    options.connectTimeout().toMillis());
            plain.setSoTimeout((int) options.requestTimeout().toMillis());
            if (!OptionRules.isTls(member)) {
                return judge(ask(plain, member));
            }
            try (SSLSocket secure = (SSLSocket)
                    tls.gateway().getSocketFactory().createSocket(plain, place.host(), place.port(), true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                return judge(ask(secure, member));
            }
        } catch (IOException | PgHaException e) {
            return Optional.of("the gateway /v3 does not answer: " + e.getMessage());
        }
    }

    private static String ask(Socket socket, URI member) throws IOException {
        socket.getOutputStream().write(request(member.getRawAuthority()).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
    }

    private static Optional<String> judge(String answer) {
        String statusLine = answer.lines().findFirst().orElse("");
        boolean asksWho = answer.contains("user name is empty")
                || answer.contains("permission denied")
                || answer.contains("CommonName of client");
        return statusLine.matches("\\S+ 200 .*") || asksWho
                ? Optional.empty()
                : Optional.of("the gateway /v3 answers \"" + statusLine + "\"");
    }

    private static String request(String host) {
        return """
                POST /v3/kv/range HTTP/1.1\r
                Host: %s\r
                Content-Type: application/json\r
                Content-Length: 35\r
                Connection: close\r
                \r
                {"key":"aGVhbHRo","keys_only":true}\
                """.formatted(host);
    }
}
