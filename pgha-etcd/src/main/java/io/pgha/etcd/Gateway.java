package io.pgha.etcd;

import io.pgha.PgHaException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks a member's HTTP gateway, which is what Patroni uses: it can be dead while gRPC is well, when the member's certificate may
 * not be used as a client's. Thread-safe.
 */
final class Gateway {
    private static final String REQUEST = """
            POST /v3/kv/range HTTP/1.1\r
            Host: HOST\r
            Content-Type: application/json\r
            Content-Length: 35\r
            Connection: close\r
            \r
            {"key":"aGVhbHRo","keys_only":true}""";

    private final EtcdClientOptions options;
    private final Tls tls;

    Gateway(EtcdClientOptions options, Tls tls) {
        this.options = options;
        this.tls = tls;
    }

    /** Returns why the gateway does not serve, or empty where it does. Where users log in, "who are you" is a good answer. */
    Optional<String> defect(URI member) {
        InetSocketAddress address = InetSocketAddress.createUnresolved(Channels.host(member), member.getPort());
        try (Socket plain = new Socket()) {
            InetSocketAddress way = options.route().apply(address);
            plain.connect(new InetSocketAddress(way.getHostString(), way.getPort()), (int)
                    options.connectTimeout().toMillis());
            plain.setSoTimeout((int) options.requestTimeout().toMillis());
            if (!"https".equals(member.getScheme())) {
                return judge(ask(plain, member));
            }
            try (SSLSocket secure = (SSLSocket) tls.gateway()
                    .getSocketFactory()
                    .createSocket(plain, address.getHostString(), member.getPort(), true)) {
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
        socket.getOutputStream()
                .write(REQUEST.replace("HOST", member.getRawAuthority()).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < 200; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private Optional<String> judge(String statusLine) {
        String[] words = statusLine.split(" ", 3);
        String status = words.length > 1 ? words[1] : "";
        boolean asksWho =
                options.username().isPresent() && Set.of("400", "401", "403").contains(status);
        return status.equals("200") || asksWho
                ? Optional.empty()
                : Optional.of("the gateway /v3 answers \"" + statusLine + "\"");
    }
}
