package io.pgha.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes trust managers. Stateless but for the runtime's own authorities, which are read once; no network I/O. */
public final class Trust {
    private Trust() {}

    /**
     * Returns what trusts the authorities of a PEM text, or those of the Java runtime where there is none.
     *
     * @param pem certificates, one after the other
     * @return the runtime's own X.509 trust manager over those
     * @throws GeneralSecurityException when there is no certificate in the text, or one that cannot be read
     */
    public static X509ExtendedTrustManager of(Optional<String> pem) throws GeneralSecurityException {
        return pem.isPresent() ? of(pem.get()) : Runtimes.manager();
    }

    private static X509ExtendedTrustManager of(String pem) throws GeneralSecurityException {
        KeyStore store = Stores.empty();
        int number = 0;
        for (Certificate certificate : Pem.certificates(pem)) {
            store.setCertificateEntry("trust-" + number++, certificate);
        }
        return manager(store);
    }

    /** The runtime's own authorities, more than a hundred: read once, when somebody asks. */
    private static final class Runtimes {
        private static @Nullable X509ExtendedTrustManager manager;

        static synchronized X509ExtendedTrustManager manager() throws GeneralSecurityException {
            X509ExtendedTrustManager known = manager;
            if (known == null) {
                known = Trust.manager(null);
                manager = known;
            }
            return known;
        }
    }

    /** Null means the runtime's own authorities. */
    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new CertificateException("this Java runtime has no X.509 trust manager");
    }
}
