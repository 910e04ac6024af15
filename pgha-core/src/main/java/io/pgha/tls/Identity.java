package io.pgha.tls;

import io.pgha.spi.CertificateBundle;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** Makes key managers. Stateless; no I/O. */
public final class Identity {
    private Identity() {}

    /**
     * Returns what shows a certificate to a server that asks for one. The key stays in memory.
     *
     * @param bundle the certificate and its PKCS#8 key, EC, RSA or EdDSA
     * @return the runtime's own X.509 key manager over those
     * @throws GeneralSecurityException when one of both cannot be read; the message does not contain the key
     */
    public static X509ExtendedKeyManager of(CertificateBundle bundle) throws GeneralSecurityException {
        KeyStore store = Pem.emptyStore();
        char[] inMemoryOnly = new char[0];
        Certificate[] chain = Pem.certificates(bundle.certificate()).toArray(new Certificate[0]);
        store.setKeyEntry("client", Pem.privateKey(bundle.privateKey()), inMemoryOnly, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, inMemoryOnly);
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager extended) {
                return extended;
            }
        }
        throw new KeyStoreException("this Java runtime has no X.509 key manager");
    }
}
