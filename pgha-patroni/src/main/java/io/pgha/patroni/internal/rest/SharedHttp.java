package io.pgha.patroni.internal.rest;

import io.pgha.net.HostPort;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.internal.address.Endpoint;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP client, with its one selector thread, for the members of many clusters. Each place that is connected to
 * belongs to one member of one cluster, whose authority alone can vouch for it, under that member's name. Thread-safe.
 */
public final class SharedHttp {
    private final Threads threads;
    private final Duration connectTimeout;
    private final Map<HostPort, Owner> owners = new ConcurrentHashMap<>();
    private @Nullable HttpClient http;

    /** Whose certificates are good at a place, and for which name. */
    private record Owner(Tls tls, String name) {}

    public SharedHttp(Threads threads, Duration connectTimeout) {
        this.threads = threads;
        this.connectTimeout = connectTimeout;
    }

    /**
     * Returns whether a member's requests may go through here: it shows no certificate of its own, and the place it is
     * reached at is not another one's.
     */
    boolean takes(InetSocketAddress at, Endpoint endpoint, Tls tls, PatroniClientOptions options) {
        if (tls.showsCertificate() || !options.connectTimeout().equals(connectTimeout)) {
            return false;
        }
        if (!endpoint.tls()) {
            return true;
        }
        Owner owner = new Owner(tls, endpoint.host());
        Owner known = owners.putIfAbsent(HostPort.of(at), owner);
        return known == null || known.equals(owner);
    }

    /** Created on first use. */
    synchronized HttpClient client() {
        HttpClient current = http;
        if (current == null) {
            current = threads.build(Channel.builder(threads.http(), connectTimeout)
                    .sslContext(context())
                    .sslParameters(Tls.parameters()));
            http = current;
        }
        return current;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustByPlace()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }

    /** Asks the owner of the place that a connection goes to. */
    private final class TrustByPlace extends EngineTrust {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            Owner owner = owners.get(new HostPort(engine.getPeerHost(), engine.getPeerPort()));
            if (owner == null) {
                throw new CertificateException("nobody vouches for " + engine.getPeerHost());
            }
            owner.tls().trustFor(owner.name()).checkServerTrusted(chain, authType, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
