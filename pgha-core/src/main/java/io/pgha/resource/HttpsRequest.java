package io.pgha.resource;

import static io.pgha.host.ShellQuote.quote;

import io.pgha.net.HostPort;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * Renders an HTTPS request as a POSIX {@code sh} pipeline around {@code openssl s_client}, which every host of the
 * stack has: no curl and no Python. The server's certificate is verified, name included; the answer must end within the
 * limit.
 *
 * <p>Immutable and thread-safe. The pipeline prints the status code in the first line and the body after it.
 */
@Value.Immutable
public interface HttpsRequest {

    /**
     * Returns the method and path.
     *
     * @return for example {@code GET /cluster}
     */
    String target();

    /**
     * Returns the server's IP address, as it stands in its certificate.
     *
     * @return an IPv4 or IPv6 address
     */
    String address();

    /**
     * Returns the server's port.
     *
     * @return the TCP port
     */
    int port();

    /**
     * Returns the file of trusted certificates on the machine.
     *
     * @return an absolute path
     */
    String trust();

    /**
     * Returns the client certificate's file on the machine; its key lies beside it as {@code .key}.
     *
     * @return an absolute path ending in {@code .crt}; by default none
     */
    Optional<String> client();

    /**
     * Returns a body without secrets.
     *
     * @return the text, ASCII; empty by default
     */
    @Value.Default
    default String body() {
        return "";
    }

    /**
     * Returns the pipeline.
     *
     * @return one POSIX {@code sh} command; prints {@code 000} where there is no answer
     */
    default String render() {
        String head = target() + " HTTP/1.0\r\nHost: pgha\r\nContent-Type: application/json\r\nContent-Length: "
                + body().length() + "\r\n\r\n" + body();
        String certificate = client().map(path ->
                        " -cert " + quote(path) + " -key " + quote(path.substring(0, path.length() - 4) + ".key"))
                .orElse("");
        return "{ printf %s " + quote(head) + " | timeout 5 openssl s_client -quiet -verify_quiet -verify_return_error"
                + " -CAfile " + quote(trust()) + " -verify_ip " + quote(address()) + certificate
                + " -connect " + quote(new HostPort(address(), port()).toString())
                + " 2>/dev/null || true; }"
                + " | awk '{sub(/\\r$/, \"\")} NR==1 {print $2; seen=1; next} body {print} /^$/ {body=1} END {if (!seen) print \"000\"}'";
    }

    /**
     * Returns a builder.
     *
     * @param target method and path, for example {@code GET /cluster}
     * @return a new builder
     */
    static Builder to(String target) {
        return new Builder().target(target);
    }

    /** Builds an {@link HttpsRequest}. Confined to one thread. */
    final class Builder extends ImmutableHttpsRequest.Builder {
        Builder() {}
    }
}
