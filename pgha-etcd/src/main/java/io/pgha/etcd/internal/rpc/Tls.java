package io.pgha.etcd.internal.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.pgha.Problem;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.tls.Identity;
import io.pgha.tls.Trust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The TLS side of one client: whom it trusts and what it shows, for gRPC and for the gateway. Immutable and
 * thread-safe.
 */
final class Tls {
    private final SslContext grpc;
    private final SSLContext gateway;

    private Tls(SslContext grpc, SSLContext gateway) {
        this.grpc = grpc;
        this.gateway = gateway;
    }

    static Tls of(EtcdClientOptions options) {
        try {
            X509ExtendedTrustManager trust = Trust.of(options.trust());
            Optional<X509ExtendedKeyManager> identity = options.clientCertificate()
                            .isPresent()
                    ? Optional.of(Identity.of(options.clientCertificate().get()))
                    : Optional.empty();
            SSLContext gateway = SSLContext.getInstance("TLS");
            gateway.init(identity.stream().toArray(KeyManager[]::new), new TrustManager[] {trust}, null);
            SslContextBuilder grpc = GrpcSslContexts.forClient().trustManager(trust);
            identity.ifPresent(grpc::keyManager);
            return new Tls(grpc.build(), gateway);
        } catch (GeneralSecurityException | IOException e) {
            throw new EtcdException(
                    Problem.of(
                            EtcdException.TLS,
                            "The certificates for etcd cannot be read: " + e.getMessage(),
                            "Give trust(…) PEM certificates, and clientCertificate(…) a PEM certificate with its PKCS#8 key"
                                    + " (-----BEGIN PRIVATE KEY-----)."),
                    e);
        }
    }

    SslContext grpc() {
        return grpc;
    }

    SSLContext gateway() {
        return gateway;
    }
}
