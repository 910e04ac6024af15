package io.pgha.certs;

import io.pgha.resource.TlsEndpoint;
import io.pgha.spi.CertificateBundle;
import io.pgha.tls.Identity;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Shakes hands with daemons only to see what they show: nothing is sent over the connection. Immutable and thread-safe. */
final class Handshake {
    /** PostgreSQL's SSLRequest: its length, and the number that stands in the place of a protocol version. */
    private static final int SSL_REQUEST_LENGTH = 8;

    private static final int SSL_REQUEST_CODE = 80877103;

    private final KeyManager identity;
    private final Duration timeout;

    private Handshake(KeyManager identity, Duration timeout) {
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
     * Returns the server's certificate, whatever it is: judging it is the caller's task.
     *
     * @throws IOException when there is no handshake, also where the server refuses the client's certificate
     */
    X509Certificate with(TlsEndpoint endpoint, InetSocketAddress address) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(millis);
            plain.connect(address, millis);
            if (endpoint.opening() == TlsEndpoint.Opening.POSTGRES) {
                askForTls(plain);
            }
            try (SSLSocket tls = (SSLSocket)
                    context().getSocketFactory().createSocket(plain, endpoint.address(), endpoint.port(), true)) {
                // In TLS 1.2 a server that refuses the client's certificate says so within the handshake.
                tls.setEnabledProtocols(new String[] {"TLSv1.2"});
                tls.startHandshake();
                return (X509Certificate) tls.getSession().getPeerCertificates()[0];
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

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {identity}, new TrustManager[] {new AnyServer()}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This Java has no TLS", impossible);
        }
    }
}
