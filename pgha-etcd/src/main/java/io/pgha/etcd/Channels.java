package io.pgha.etcd;

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
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One gRPC channel to each member. gRPC's own balancing is not used: whom to ask next is decided by {@link Rpc}, and each
 * certificate is checked against its own member's address, also through a tunnel. Thread-safe.
 */
final class Channels implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdClientOptions options;
    private final Tls tls;
    private final Executor executor;
    private final Map<URI, Open> open = new HashMap<>();
    private boolean closed;

    /** A channel, and the same with the user's token. */
    private record Open(ManagedChannel managed, Channel authenticated) {}

    Channels(EtcdClientOptions options, Tls tls, Executor executor) {
        this.options = options;
        this.tls = tls;
        this.executor = executor;
    }

    /** A channel whose calls end after the limit, connecting included; it may connect and log in first. */
    Channel to(URI endpoint, Duration limit) {
        return ClientInterceptors.intercept(channel(endpoint, limit), new Within(limit));
    }

    private Channel channel(URI endpoint, Duration limit) {
        synchronized (open) {
            Open known = open.get(endpoint);
            if (known != null) {
                return known.authenticated();
            }
        }
        ManagedChannel managed = connect(endpoint);
        Open mine;
        try {
            mine = new Open(managed, authenticate(managed, limit));
        } catch (RuntimeException e) {
            managed.shutdownNow();
            throw e;
        }
        synchronized (open) {
            Open other = open.get(endpoint);
            if (other != null || closed) {
                managed.shutdownNow();
            }
            if (other != null) {
                return other.authenticated();
            }
            open.put(endpoint, mine);
            return mine.authenticated();
        }
    }

    private ManagedChannel connect(URI endpoint) {
        InetSocketAddress address = InetSocketAddress.createUnresolved(host(endpoint), endpoint.getPort());
        InetSocketAddress way = options.route().apply(address);
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(way.getHostString(), way.getPort())
                .overrideAuthority(endpoint.getRawAuthority())
                .executor(executor)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .keepAliveTime(10, TimeUnit.SECONDS)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis());
        return "https".equals(endpoint.getScheme())
                ? builder.negotiationType(NegotiationType.TLS)
                        .sslContext(tls.grpc())
                        .build()
                : builder.usePlaintext().build();
    }

    /** Brackets of an IPv6 address belong to the URI, not to the address. */
    static String host(URI endpoint) {
        return endpoint.getHost().replaceAll("[\\[\\]]", "");
    }

    private Channel authenticate(ManagedChannel channel, Duration limit) {
        if (options.username().isEmpty() || options.password().isEmpty()) {
            return channel;
        }
        String token = AuthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName(options.username().get())
                        .setPassword(options.password().get().reveal())
                        .build())
                .getToken();
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** A channel that failed once would fail for a while, whatever its member does meanwhile: the next call opens a new one. */
    void discard(URI endpoint) {
        synchronized (open) {
            Open broken = open.remove(endpoint);
            if (broken != null) {
                broken.managed().shutdown();
            }
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            open.values().forEach(each -> each.managed().shutdownNow());
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
