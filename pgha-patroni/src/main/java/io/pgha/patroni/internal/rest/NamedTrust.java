package io.pgha.patroni.internal.rest;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks a server's certificate against a member's own name or address, even where the connection goes to the local end
 * of a tunnel. Chain and name are both checked by the Java runtime's own trust manager.
 */
final class NamedTrust extends EngineTrust {
    private final X509ExtendedTrustManager runtime;
    private final String name;

    NamedTrust(X509ExtendedTrustManager runtime, String name) {
        this.runtime = runtime;
        this.name = name;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        runtime.checkServerTrusted(chain, authType, new NamedEngine(engine, name));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return runtime.getAcceptedIssuers();
    }
}
