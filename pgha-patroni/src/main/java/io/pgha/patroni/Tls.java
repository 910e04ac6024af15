package io.pgha.patroni;

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
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS side of one client: whom it trusts and what it shows. Immutable and thread-safe. */
final class Tls {
    /**
     * The first JDK that was seen to read Patroni's answers over TLS 1.3. Patroni ends an answer with close_notify and then
     * waits for the peer's; JDK 17 does not send it while the body is open, so both wait for ever. TLS 1.2 has no such wait.
     */
    private static final int FIRST_JDK_FOR_TLS_1_3 = 25;

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final X509ExtendedTrustManager trust;
    private final KeyManager @Nullable [] keys;

    private Tls(X509ExtendedTrustManager trust, KeyManager @Nullable [] keys) {
        this.trust = trust;
        this.keys = keys;
    }

    static Tls of(PatroniClientOptions options) {
        X509ExtendedTrustManager trust;
        try {
            trust = trustManager(options.trust());
        } catch (GeneralSecurityException | IOException e) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.TLS,
                            "The trusted certificates cannot be read: " + e.getMessage(),
                            "Give trust(…) the text of a PEM file that starts with -----BEGIN CERTIFICATE-----."),
                    e);
        }
        try {
            Optional<CertificateBundle> client = options.clientCertificate();
            return new Tls(trust, client.isPresent() ? keyManagers(client.get()) : null);
        } catch (GeneralSecurityException | IOException e) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.TLS,
                            "The client certificate or its key cannot be read: " + e.getMessage(),
                            "Give clientCertificate(…) a PEM certificate and its PKCS#8 key (-----BEGIN PRIVATE KEY-----)."),
                    e);
        }
    }

    /** Returns a context that accepts only a certificate for the given name, wherever the connection physically goes. */
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
    SSLContext socketContext() {
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

    static String[] protocols(int jdk) {
        return jdk < FIRST_JDK_FOR_TLS_1_3 ? new String[] {"TLSv1.2"} : new String[] {"TLSv1.3", "TLSv1.2"};
    }

    private static X509ExtendedTrustManager trustManager(Optional<String> pem)
            throws GeneralSecurityException, IOException {
        if (pem.isEmpty()) {
            return RuntimeTrust.manager();
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate certificate : certificates(pem.get())) {
            store.setCertificateEntry("trust-" + number++, certificate);
        }
        return trustManager(store);
    }

    /** The runtime's own authorities, more than a hundred: read once, when somebody asks. */
    private static final class RuntimeTrust {
        private static @Nullable X509ExtendedTrustManager manager;

        static synchronized X509ExtendedTrustManager manager() throws GeneralSecurityException {
            X509ExtendedTrustManager known = manager;
            if (known == null) {
                known = trustManager((KeyStore) null); // null means the runtime's own
                manager = known;
            }
            return known;
        }
    }

    private static X509ExtendedTrustManager trustManager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new CertificateException("this Java runtime has no X.509 trust manager");
    }

    private static KeyManager[] keyManagers(CertificateBundle bundle) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        char[] inMemoryOnly = new char[0];
        Certificate[] chain = certificates(bundle.certificate()).toArray(new Certificate[0]);
        store.setKeyEntry("client", privateKey(bundle.privateKey().reveal()), inMemoryOnly, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, inMemoryOnly);
        return factory.getKeyManagers();
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
