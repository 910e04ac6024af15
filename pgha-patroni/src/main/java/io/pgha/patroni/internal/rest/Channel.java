package io.pgha.patroni.internal.rest;

import io.pgha.PgHaException;
import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.internal.address.Endpoint;
import io.pgha.patroni.internal.text.Text;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The way to one member's REST API.
 *
 * <p>Each has an HTTP client of its own, because a certificate is checked against the member's address even when a
 * route leads elsewhere. Thread-safe.
 */
public final class Channel {
    private static final Duration MEMORY_OF_FAILURE = Duration.ofSeconds(30);

    private final Endpoint endpoint;
    private final PatroniClientOptions options;
    private final Tls tls;
    private final Threads threads;
    private final Optional<SharedHttp> shared;
    private @Nullable HttpClient http;
    /** Whether there is an HTTP client to go through, so that a dialling thread is not needed to make one. */
    private volatile boolean ready;

    private volatile @Nullable Deadline shunned;
    private volatile boolean prompt;

    public Channel(Endpoint endpoint, PatroniClientOptions options, Tls tls, Engine engine) {
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
    public void shun() {
        shunned = Deadline.in(MEMORY_OF_FAILURE);
        prompt = false;
    }

    /** Remembers that the member answered well, and how fast. */
    void answeredAfter(Duration time) {
        shunned = null;
        prompt = time.compareTo(options.stagger().dividedBy(2)) < 0;
    }

    /** Remembers that the member keeps others waiting. */
    void late() {
        prompt = false;
    }

    /**
     * Returns whether the member may be asked by {@link #ask}: it was prompt, and nothing stands before a connection to
     * it.
     */
    boolean prompt() {
        return prompt && ready && endpoint.isDirect(options.route());
    }

    /**
     * Sends a request; returns at once. Name resolution, the route and the connection happen on the client's threads;
     * where an address is connected to directly there is nothing to wait for, and the way over another thread is saved.
     */
    Call start(Request request) {
        Call call = new Call(this);
        if (ready && endpoint.isDirect(options.route())) {
            dial(request, call);
        } else {
            threads.dialers().execute(() -> dial(request, call));
        }
        return call;
    }

    /**
     * Sends a request on the calling thread and returns with its reply; no other thread has to wake up for that. The
     * request's own limit ends with the headers of an answer, so the clock ends the body.
     */
    void ask(Request request, Call call, Deadline deadline) throws InterruptedException {
        Duration limit = deadline.remaining();
        Future<?> expiry = threads.timer()
                .schedule(() -> call.body().expire(deadline.limit()), limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            InetSocketAddress at = endpoint.address();
            HttpRequest timed = httpRequest(request, endpoint.uri(at, request.path()))
                    .timeout(limit.isZero() ? Duration.ofNanos(1) : limit)
                    .build();
            HttpResponse<byte[]> response = client(at).send(timed, info -> call.body());
            call.complete(answer(response.statusCode(), response.headers(), response.body()));
        } catch (IOException e) {
            call.complete(failure(e));
        } finally {
            expiry.cancel(false);
        }
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
                    client(at).sendAsync(httpRequest(request, uri).build(), info -> body(call, info));
            call.sent(exchange);
            exchange.whenComplete((response, failure) -> call.complete(
                    failure == null
                            ? answer(response.statusCode(), response.headers(), response.body())
                            : failure(failure)));
        } catch (RuntimeException e) {
            // The route is the user's code and may fail in any way; so may a name that is no name.
            call.complete(new Reply.NoAnswer(Reply.Kind.NOT_CONNECTED, describe(e), e));
        }
    }

    /** The reply is there with its last byte; the exchange's own future comes by way of one more thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure is told by the exchange
    private static HttpResponse.BodySubscriber<byte[]> body(Call call, HttpResponse.ResponseInfo info) {
        CappedBody body = call.body();
        body.getBody().thenAccept(bytes -> call.complete(answer(info.statusCode(), info.headers(), bytes)));
        return body;
    }

    private HttpRequest.Builder httpRequest(Request request, URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(
                        request.method(),
                        request.body().map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        request.body().ifPresent(body -> builder.header("Content-Type", "application/json"));
        if (request.command()) {
            credentials().ifPresent(credentials -> builder.header("Authorization", credentials));
        }
        return builder;
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
        HttpClient current = shared.filter(all -> all.takes(at, endpoint, tls, options))
                .map(SharedHttp::client)
                .orElseGet(this::client);
        ready = true;
        return current;
    }

    static HttpClient.Builder builder(Executor executor, Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
                .executor(executor);
    }

    /**
     * Created on first use. Without TLS its work is so little that it is done where it comes up, on the selector
     * thread.
     */
    private synchronized HttpClient client() {
        HttpClient current = http;
        if (current == null) {
            current = threads.build(
                    endpoint.tls()
                            ? builder(threads.http(), options.connectTimeout())
                                    .sslContext(tls.contextFor(endpoint.host()))
                                    .sslParameters(Tls.parameters())
                            : builder(Runnable::run, options.connectTimeout()));
            http = current;
        }
        return current;
    }

    private static Reply answer(int status, HttpHeaders headers, byte[] body) {
        String type = headers.firstValue("Content-Type").orElse("");
        return new Reply.Answer(status, type, new String(body, StandardCharsets.UTF_8));
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
        while (root.getCause() != null && !(root instanceof PgHaException)) {
            root = root.getCause();
        }
        if (root instanceof PgHaException known) {
            return Text.excerpt(known.problem().message());
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
