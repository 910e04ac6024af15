package io.pgha.patroni.internal.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS on a connected socket: the chain must come from the authority of a {@link Link}, and the certificate must
 * name the server that was asked for, wherever the route led. Made by the JDBC driver; thread-safe.
 */
public final class VerifiedSocketFactory extends SSLSocketFactory {
    private final SSLSocketFactory plain;

    /**
     * Finds the link.
     *
     * @param key the link's key
     */
    public VerifiedSocketFactory(String key) {
        this.plain = Link.of(key).tls().getSocketFactory();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        SSLSocket secured = (SSLSocket) plain.createSocket(socket, host, port, autoClose);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        return secured;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return plain.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return plain.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw onlyOnTop();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        throw onlyOnTop();
    }

    /** PostgreSQL speaks a few bytes before TLS; a socket of its own would go round the route. */
    private static IOException onlyOnTop() {
        return new IOException("TLS is put on a connected socket here");
    }
}
