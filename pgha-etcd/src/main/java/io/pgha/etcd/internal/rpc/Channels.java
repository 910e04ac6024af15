package io.pgha.etcd.internal.rpc;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.pgha.client.OptionRules;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.net.HostPort;
import io.pgha.port.EtcdUser;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One gRPC channel to each member. gRPC's own balancing is not used: whom to ask next is decided by {@link Rpc}, and
 * each certificate is checked against its own member's address, also through a tunnel. Thread-safe.
 */
final class Channels implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdClientOptions options;
    private final Tls tls;
    private final Login login;
    private final Executor executor;
    private final Map<URI, Open> open = new HashMap<>();
    private boolean closed;

    /** A channel, and the token that its member has given for the user. */
    private static final class Open {
        private final ManagedChannel managed;
        private volatile Optional<String> token = Optional.empty();

        Open(ManagedChannel managed) {
            this.managed = managed;
        }
    }

    Channels(EtcdClientOptions options, Login login, Tls tls, Executor executor) {
        this.options = options;
        this.login = login;
        this.tls = tls;
        this.executor = executor;
    }

    /** A channel whose calls end after the limit, connecting included. */
    Channel to(URI endpoint, Duration limit) {
        Open mine = open(endpoint);
        Channel known = mine.token
                .map(token -> ClientInterceptors.intercept(
                        mine.managed, MetadataUtils.newAttachHeadersInterceptor(headers(token))))
                .orElse(mine.managed);
        return ClientInterceptors.intercept(known, new Within(limit));
    }

    private static Metadata headers(String token) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return headers;
    }

    /**
     * Logs in where a refusal asks for it.
     *
     * @return whether to ask again, with a new token or without the old one
     */
    boolean login(URI endpoint, Duration limit, StatusRuntimeException refusal) {
        Open mine = open(endpoint);
        Optional<EtcdUser> user = login.after(refusal, mine.token);
        if (user.isEmpty()) {
            return false;
        }
        try {
            mine.token = Optional.of(AuthGrpc.newBlockingStub(mine.managed)
                    .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setName(user.get().name())
                            .setPassword(user.get().password().reveal())
                            .build())
                    .getToken());
        } catch (StatusRuntimeException e) {
            if (!Login.needless(e)) {
                throw e;
            }
            mine.token = Optional.empty();
        }
        return true;
    }

    /** Finding the way may block, so that others are not kept from their members meanwhile. */
    private Open open(URI endpoint) {
        synchronized (open) {
            Open known = open.get(endpoint);
            if (known != null) {
                return known;
            }
        }
        Open mine = new Open(connect(endpoint));
        synchronized (open) {
            Open other = open.putIfAbsent(endpoint, mine);
            if (other != null || closed) {
                mine.managed.shutdownNow();
            }
            return other != null ? other : mine;
        }
    }

    private ManagedChannel connect(URI endpoint) {
        InetSocketAddress way =
                options.route().apply(new HostPort(endpoint.getHost(), endpoint.getPort()).unresolved());
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(way.getHostString(), way.getPort())
                .overrideAuthority(endpoint.getRawAuthority())
                .executor(executor)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        return OptionRules.isTls(endpoint)
                ? builder.negotiationType(NegotiationType.TLS)
                        .sslContext(tls.grpc())
                        .build()
                : builder.usePlaintext().build();
    }

    /**
     * A channel that failed once would fail for a while, whatever its member does meanwhile: the next call opens a new
     * one.
     */
    void discard(URI endpoint) {
        synchronized (open) {
            Open broken = open.remove(endpoint);
            if (broken != null) {
                broken.managed.shutdown();
            }
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            open.values().forEach(each -> each.managed.shutdownNow());
            open.clear();
        }
    }

    private record Within(Duration limit) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions call, Channel next) {
            return next.newCall(method, call.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS));
        }
    }
}
