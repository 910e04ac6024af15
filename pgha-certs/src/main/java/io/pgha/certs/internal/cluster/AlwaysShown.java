package io.pgha.certs.internal.cluster;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows a certificate to whoever asks for one. The runtime's own manager would keep it back where the server does not
 * name its authority among those that it trusts, and a server that lets in whoever shows none would seem to trust it.
 * For one handshake.
 */
final class AlwaysShown extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager identity;
    private volatile boolean asked;

    AlwaysShown(X509ExtendedKeyManager identity) {
        this.identity = identity;
    }

    /** Returns whether the server has asked. */
    boolean asked() {
        return asked;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        asked = true;
        return identity.chooseClientAlias(keyTypes, null, socket);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        asked = true;
        return identity.chooseEngineClientAlias(keyTypes, null, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity.getPrivateKey(alias);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return identity.getClientAliases(keyType, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return identity.getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return identity.chooseServerAlias(keyType, issuers, socket);
    }
}
