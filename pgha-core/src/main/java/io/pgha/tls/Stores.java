package io.pgha.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;

/** Makes the key stores that the runtime's managers are made from; they stay in memory. */
final class Stores {
    private Stores() {}

    static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new KeyStoreException("a new key store cannot be made", e);
        }
        return store;
    }
}
