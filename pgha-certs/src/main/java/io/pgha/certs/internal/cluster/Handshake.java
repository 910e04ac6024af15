package io.pgha.certs.internal.cluster;

import io.pgha.port.CertificateBundle;
import io.pgha.resource.TlsEndpoint;
import io.pgha.tls.Identity;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shakes hands with daemons only to see what they show: nothing is sent over the connection. Immutable and thread-safe.
 */
final class Handshake {
    /** PostgreSQL's SSLRequest: its length, and the number that stands in the place of a protocol version. */
    private static final int SSL_REQUEST_LENGTH = 8;

    private static final int SSL_REQUEST_CODE = 80877103;

    private final X509ExtendedKeyManager identity;
    private final Duration timeout;

    private Handshake(X509ExtendedKeyManager identity, Duration timeout) {
        this.identity = identity;
        this.timeout = timeout;
    }

    /** Returns handshakes in which the client shows a certificate, without which etcd lets nobody in. */
    static Handshake as(CertificateBundle client, Duration timeout) {
        try {
            return new Handshake(Identity.of(client), timeout);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java cannot use a certificate that it issued", impossible);
        }
    }

    /**
     * What a handshake showed.
     *
     * @param certificate the server's, whatever it is: judging it is the caller's task
     * @param clientSeen whether the server asked for the client's certificate, and let it in
     */
    record Shown(X509Certificate certificate, boolean clientSeen) {}

    /** Says that the server broke off after it had asked for the client's certificate. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private Refused(IOException end) {
            super(end.getMessage(), end);
        }
    }

    /**
     * Shakes hands.
     *
     * @throws Refused when the server broke off after it had asked for the client's certificate
     * @throws IOException when there is no handshake for another reason
     */
    Shown with(TlsEndpoint endpoint, InetSocketAddress address) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(millis);
            plain.connect(address, millis);
            if (endpoint.opening() == TlsEndpoint.Opening.POSTGRES) {
                askForTls(plain);
            }
            AlwaysShown own = new AlwaysShown(identity);
            try (SSLSocket tls = (SSLSocket)
                    context(own).getSocketFactory().createSocket(plain, endpoint.address(), endpoint.port(), true)) {
                // In TLS 1.2 a server that refuses the client's certificate says so within the handshake.
                tls.setEnabledProtocols(new String[] {"TLSv1.2"});
                tls.startHandshake();
                SSLSession session = tls.getSession();
                return new Shown(
                        (X509Certificate) session.getPeerCertificates()[0], session.getLocalCertificates() != null);
            } catch (SSLException | SocketException e) {
                // A server may hang up before its alert is read.
                throw own.asked() ? new Refused(e) : e;
            }
        }
    }

    private static void askForTls(Socket plain) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(SSL_REQUEST_LENGTH);
        request.putInt(SSL_REQUEST_LENGTH).putInt(SSL_REQUEST_CODE);
        plain.getOutputStream().write(request.array());
        plain.getOutputStream().flush();
        int answer = plain.getInputStream().read();
        if (answer < 0) {
            throw new EOFException("PostgreSQL hung up on a request for TLS");
        }
        if (answer != 'S') {
            throw new IOException("PostgreSQL has no TLS");
        }
    }

    private static SSLContext context(KeyManager own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, new TrustManager[] {new AnyServer()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no TLS", impossible);
        }
    }
}
