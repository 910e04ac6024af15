package io.pgha.patroni;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The way to one member's REST API.
 *
 * <p>Each has an HTTP client of its own, because a certificate is checked against the member's address even when a route
 * leads elsewhere. Thread-safe.
 */
final class Channel {
    private static final Duration MEMORY_OF_FAILURE = Duration.ofSeconds(30);

    private final Endpoint endpoint;
    private final PatroniClientOptions options;
    private final Tls tls;
    private final Threads threads;
    private final Optional<SharedHttp> shared;
    private @Nullable HttpClient http;
    private volatile @Nullable Deadline shunned;

    Channel(Endpoint endpoint, PatroniClientOptions options, Tls tls, Engine engine) {
        this.endpoint = endpoint;
        this.options = options;
        this.tls = tls;
        this.threads = engine.threads();
        this.shared = engine.http();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Returns whether the member failed so recently that others are asked first. */
    boolean shunned() {
        Deadline until = shunned;
        return until != null && !until.passed();
    }

    /** Remembers that the member was of no help. */
    void shun() {
        shunned = Deadline.in(MEMORY_OF_FAILURE);
    }

    /** Remembers that the member answered well. */
    void trustAgain() {
        shunned = null;
    }

    /** Sends a request; returns at once. Name resolution, the route and the connection happen on the client's threads. */
    Call start(Request request) {
        Call call = new Call(this);
        threads.dialers().execute(() -> dial(request, call));
        return call;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both ends are taken over into the call
    private void dial(Request request, Call call) {
        if (call.done()) {
            return;
        }
        try {
            InetSocketAddress at = options.route().apply(endpoint.address());
            URI uri = endpoint.uri(at, request.path());
            if (call.done()) {
                return; // the route took so long that nobody waits any more: a command must not be sent now
            }
            CompletableFuture<HttpResponse<byte[]>> exchange =
                    client(at).sendAsync(httpRequest(request, uri), info -> call.body());
            call.sent(exchange);
            exchange.whenComplete(
                    (response, failure) -> call.complete(failure == null ? answer(response) : failure(failure)));
        } catch (RuntimeException e) {
            // The route is the user's code and may fail in any way; so may a name that is no name.
            call.complete(new Reply.NoAnswer(Reply.Kind.NOT_CONNECTED, describe(e), e));
        }
    }

    private HttpRequest httpRequest(Request request, URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(
                        request.method(),
                        request.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        request.body().ifPresent(body -> builder.header("Content-Type", "application/json"));
        if (request.command()) {
            credentials().ifPresent(credentials -> builder.header("Authorization", credentials));
        }
        return builder.build();
    }

    private Optional<String> credentials() {
        return options.username()
                .flatMap(user -> options.password()
                        .map(password -> "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8))));
    }

    private HttpClient client(InetSocketAddress at) {
        return shared.filter(http -> http.takes(at, endpoint, tls, options))
                .map(SharedHttp::client)
                .orElseGet(this::client);
    }

    static HttpClient.Builder builder(Threads threads, Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
                .executor(threads.http());
    }

    /** Created by a dialling thread on first use, so that the selector thread belongs to {@link Threads}. */
    private synchronized HttpClient client() {
        HttpClient current = http;
        if (current == null) {
            HttpClient.Builder builder = builder(threads, options.connectTimeout());
            if (endpoint.tls()) {
                builder.sslContext(tls.contextFor(endpoint.host())).sslParameters(Tls.parameters());
            }
            current = builder.build();
            http = current;
            if (threads.closed()) {
                threads.close(); // its selector thread is younger than the interrupt that ended the others
            }
        }
        return current;
    }

    private static Reply answer(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Reply.Answer(response.statusCode(), type, new String(response.body(), StandardCharsets.UTF_8));
    }

    private static Reply failure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Reply.Kind kind = kind(cause);
            if (kind != null) {
                return new Reply.NoAnswer(kind, describe(cause), failure);
            }
        }
        return new Reply.NoAnswer(Reply.Kind.BROKEN, describe(failure), failure);
    }

    private static Reply.@Nullable Kind kind(Throwable cause) {
        if (cause instanceof HttpConnectTimeoutException
                || cause instanceof ConnectException
                || cause instanceof UnresolvedAddressException) {
            return Reply.Kind.NOT_CONNECTED;
        }
        if (cause instanceof HttpTimeoutException) {
            return Reply.Kind.TIMED_OUT;
        }
        if (cause instanceof SSLHandshakeException) {
            return Reply.Kind.TLS;
        }
        if (cause instanceof CappedBody.TooLargeException) {
            return Reply.Kind.TOO_LARGE;
        }
        String message = cause.getMessage();
        if (cause instanceof IOException && message != null && message.contains("header parser received no bytes")) {
            return Reply.Kind.CLOSED_WITHOUT_ANSWER;
        }
        return null;
    }

    private static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof UnresolvedAddressException) {
            return "the name cannot be resolved";
        }
        String message = root.getMessage();
        return Text.excerpt(message == null ? root.getClass().getSimpleName() : message);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
