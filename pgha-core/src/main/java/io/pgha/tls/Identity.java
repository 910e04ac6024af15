package io.pgha.tls;

import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
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
        KeyStore store = Stores.empty();
        char[] inMemoryOnly = new char[0];
        Certificate[] chain = Pem.certificates(bundle.certificate()).toArray(new Certificate[0]);
        store.setKeyEntry("client", privateKey(bundle.privateKey()), inMemoryOnly, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, inMemoryOnly);
        for (KeyManager manager : factory.getKeyManagers()) {
            if (manager instanceof X509ExtendedKeyManager extended) {
                return extended;
            }
        }
        throw new KeyStoreException("this Java runtime has no X.509 key manager");
    }

    private static PrivateKey privateKey(Secret pem) throws GeneralSecurityException {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(pkcs8(pem));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // next one: a PKCS#8 key names its algorithm; the factory of another one refuses it
            }
        }
        throw new InvalidKeySpecException("the key is neither EC nor RSA nor EdDSA");
    }

    private static byte[] pkcs8(Secret pem) throws InvalidKeySpecException {
        try {
            return Pem.read(pem.reveal()).stream()
                    .filter(block -> block.label().equals(Pem.PRIVATE_KEY))
                    .findFirst()
                    .orElseThrow(() -> new InvalidKeySpecException("there is no unencrypted PKCS#8 key in the text"))
                    .der();
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("the key cannot be read: " + e.getMessage());
        }
    }
}
