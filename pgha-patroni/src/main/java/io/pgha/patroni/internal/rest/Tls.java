package io.pgha.patroni.internal.rest;

import io.pgha.Problem;
import io.pgha.patroni.PatroniClientOptions;
import io.pgha.patroni.PatroniException;
import io.pgha.port.CertificateBundle;
import io.pgha.tls.Identity;
import io.pgha.tls.Trust;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS side of one client: whom it trusts and what it shows. Immutable and thread-safe. */
public final class Tls {
    /**
     * The first JDK that was seen to read Patroni's answers over TLS 1.3. Patroni ends an answer with close_notify and
     * then waits for the peer's; JDK 17 does not send it while the body is open, so both wait for ever. TLS 1.2 has no
     * such wait.
     */
    private static final int FIRST_JDK_FOR_TLS_1_3 = 25;

    private final X509ExtendedTrustManager trust;
    private final KeyManager @Nullable [] keys;

    private Tls(X509ExtendedTrustManager trust, KeyManager @Nullable [] keys) {
        this.trust = trust;
        this.keys = keys;
    }

    public static Tls of(PatroniClientOptions options) {
        X509ExtendedTrustManager trust;
        try {
            trust = Trust.of(options.trust());
        } catch (GeneralSecurityException e) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.TLS,
                            "The trusted certificates cannot be read: " + e.getMessage(),
                            "Give trust(…) the text of a PEM file that starts with -----BEGIN CERTIFICATE-----."),
                    e);
        }
        try {
            Optional<CertificateBundle> client = options.clientCertificate();
            return new Tls(trust, client.isPresent() ? new KeyManager[] {Identity.of(client.get())} : null);
        } catch (GeneralSecurityException e) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.TLS,
                            "The client certificate or its key cannot be read: " + e.getMessage(),
                            "Give clientCertificate(…) a PEM certificate and its PKCS#8 key (-----BEGIN PRIVATE KEY-----)."),
                    e);
        }
    }

    /**
     * Returns a context that accepts only a certificate for the given name, wherever the connection physically goes.
     */
    SSLContext contextFor(String name) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trustFor(name)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }

    /** Returns what accepts only a certificate for the given name. */
    NamedTrust trustFor(String name) {
        return new NamedTrust(trust, name);
    }

    /** Returns whether members are shown a certificate of the client. */
    boolean showsCertificate() {
        return keys != null;
    }

    /** Returns a context for plain sockets, whose user has the name checked. */
    public SSLContext socketContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }

    static SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(protocols(Runtime.version().feature()));
        return parameters;
    }

    public static String[] protocols(int jdk) {
        return jdk < FIRST_JDK_FOR_TLS_1_3 ? new String[] {"TLSv1.2"} : new String[] {"TLSv1.3", "TLSv1.2"};
    }
}
