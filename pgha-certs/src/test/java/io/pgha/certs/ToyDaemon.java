package io.pgha.certs;

import io.pgha.certs.internal.authority.KeyText;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.port.CertificateBundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS server that takes its certificate, and whom it trusts, from where it is told at every handshake. */
final class ToyDaemon implements AutoCloseable {
    private final ServerSocket listener;
    private final Supplier<CertificateBundle> own;
    private final Supplier<String> trusted;

    /** Whether it speaks as PostgreSQL does, which asks nobody for a certificate here; otherwise as etcd. */
    enum Manners {
        ETCD,
        POSTGRES
    }

    private final Manners manners;

    ToyDaemon(Manners manners, Supplier<CertificateBundle> own, Supplier<String> trusted) throws IOException {
        this.manners = manners;
        this.own = own;
        this.trusted = trusted;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "toy daemon");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket plain = listener.accept()) {
                plain.setSoTimeout(5000);
                if (manners == Manners.POSTGRES) {
                    plain.getInputStream().readNBytes(8);
                    plain.getOutputStream().write('S');
                }
                try (SSLSocket tls =
                        (SSLSocket) context().getSocketFactory().createSocket(plain, plain.getInputStream(), false)) {
                    tls.setUseClientMode(false);
                    tls.setNeedClientAuth(manners == Manners.ETCD);
                    tls.startHandshake();
                }
            } catch (IOException | GeneralSecurityException refused) {
                // The client sees it as well, and says so.
            }
        }
    }

    private SSLContext context() throws GeneralSecurityException, IOException {
        char[] none = {};
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, none);
        CertificateBundle bundle = own.get();
        keys.setKeyEntry(
                "own",
                KeyText.read(bundle.privateKey().reveal(), Optional.empty()),
                none,
                Certificates.all(bundle.certificate()).toArray(new Certificate[0]));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, none);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, none);
        for (X509Certificate authority : Certificates.all(trusted.get())) {
            trust.setCertificateEntry(Certificates.fingerprint(authority), authority);
        }
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
