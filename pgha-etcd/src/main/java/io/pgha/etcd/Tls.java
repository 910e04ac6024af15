package io.pgha.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.pgha.Problem;
import io.pgha.spi.CertificateBundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The TLS side of one client: whom it trusts and what it shows, for gRPC and for the gateway. Immutable and thread-safe. */
final class Tls {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final SslContext grpc;
    private final SSLContext gateway;

    private Tls(SslContext grpc, SSLContext gateway) {
        this.grpc = grpc;
        this.gateway = gateway;
    }

    static Tls of(EtcdClientOptions options) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted(options.trust()));
            KeyManagerFactory keys = keys(options.clientCertificate());
            SSLContext gateway = SSLContext.getInstance("TLS");
            gateway.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new Tls(
                    GrpcSslContexts.forClient()
                            .trustManager(trust)
                            .keyManager(keys)
                            .build(),
                    gateway);
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

    /** Null means the runtime's own authorities. */
    private static @Nullable KeyStore trusted(Optional<String> pem) throws GeneralSecurityException, IOException {
        if (pem.isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate certificate : certificates(pem.get())) {
            store.setCertificateEntry("trust-" + number++, certificate);
        }
        return store;
    }

    private static KeyManagerFactory keys(Optional<CertificateBundle> bundle)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        char[] inMemoryOnly = new char[0];
        if (bundle.isPresent()) {
            Certificate[] chain = certificates(bundle.get().certificate()).toArray(new Certificate[0]);
            store.setKeyEntry("client", privateKey(bundle.get().privateKey().reveal()), inMemoryOnly, chain);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, inMemoryOnly);
        return factory;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws CertificateException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate in the text");
        }
        return certificates;
    }

    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(pem);
        if (!matcher.find()) {
            throw new InvalidKeySpecException("there is no unencrypted PKCS#8 key in the text");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("the key is not base64", e);
        }
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // next one: a PKCS#8 key names its algorithm; the factory of another one refuses it
            }
        }
        throw new InvalidKeySpecException("the key is neither EC nor RSA nor EdDSA");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
