package io.pgha.certs.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.certs.CertificateAuthority;
import io.pgha.certs.Openssl;
import io.pgha.certs.Requests;
import io.pgha.certs.internal.crypto.Keys;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.port.CertificateBundle;
import io.pgha.tls.Pem;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutual TLS as the daemons do it: one certificate, as server and as client. */
class HandshakeTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create(ca -> ca.cluster("orders"));
    private static final CertificateAuthority FOREIGN = CertificateAuthority.create(ca -> ca.cluster("orders"));
    private static final Duration DAY = Duration.ofDays(1);
    private static final int PATIENCE = 20_000;
    private static final Pattern PORT = Pattern.compile("ACCEPT .*:(\\d+)\n");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(
            value = KeyAlgorithm.class,
            names = {"EC_P256", "RSA_3072"})
    void java_and_java_agree(KeyAlgorithm algorithm) throws Exception {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), DAY, algorithm);
        assertThat(handshake(leaf, leaf)).isEqualTo(new Outcome("hello", "", ""));
    }

    @Test
    void a_server_of_a_foreign_authority_is_refused() throws Exception {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), DAY);
        assertThat(handshake(FOREIGN.issue(Requests.server(), DAY), leaf).client())
                .contains("SSLHandshakeException", "PKIX path validation failed");
    }

    @Test
    void a_client_of_a_foreign_authority_is_refused() throws Exception {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), DAY);
        Outcome outcome = handshake(leaf, FOREIGN.issue(Requests.server(), DAY));
        assertThat(outcome.server()).contains("SSLHandshakeException", "PKIX path validation failed");
        assertThat(outcome.read()).isEmpty();
    }

    @Test
    void a_server_of_another_name_is_refused() throws Exception {
        CertificateBundle leaf = AUTHORITY.issue(Requests.server(), DAY);
        assertThat(handshake(AUTHORITY.issue(Requests.named("pg2"), DAY), leaf).client())
                .contains("SSLHandshakeException", "No subject alternative DNS name matching localhost found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void openssl_and_openssl_agree(String version) throws Exception {
        Openssl.Result client = openssl(AUTHORITY, version);
        assertThat(client.output()).contains("Verification: OK", "HTTP/1.0 200 ok");
        assertThat(client.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void openssl_refuses_a_foreign_client(String version) throws Exception {
        assertThat(openssl(FOREIGN, version).output()).contains("alert").doesNotContain("HTTP/1.0 200 ok");
    }

    /** What the client read, and what either side complained of. */
    private record Outcome(String read, String client, String server) {}

    private static Outcome handshake(CertificateBundle server, CertificateBundle client) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listener =
                (SSLServerSocket) context(server).getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            listener.setNeedClientAuth(true);
            listener.setSoTimeout(PATIENCE);
            Future<String> complaint = executor.submit(() -> serve(listener));
            String read = "";
            String refusal = "";
            try {
                read = greet(context(client), listener);
            } catch (IOException e) {
                refusal = e.toString();
            }
            return new Outcome(read, refusal, complaint.get(2L * PATIENCE, TimeUnit.MILLISECONDS));
        } finally {
            executor.shutdownNow();
        }
    }

    private static String serve(SSLServerSocket listener) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
            return socket.getInputStream().read() == 'x' ? "" : "no answer";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String greet(SSLContext context, SSLServerSocket listener) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(listener.getInetAddress(), listener.getLocalPort())) {
            socket.setSoTimeout(PATIENCE);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = reader.readLine();
            socket.getOutputStream().write('x');
            return line;
        }
    }

    private static SSLContext context(CertificateBundle own) throws GeneralSecurityException, IOException {
        Certificate[] chain = certificates(own.certificate());
        PrivateKey key = Pem.first(own.privateKey().reveal(), Pem.PRIVATE_KEY)
                .flatMap(pem -> Keys.read(pem.der()))
                .orElseThrow();
        char[] none = {};
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, none);
        keys.setKeyEntry("own", key, none, chain);
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, none);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, none);
        trust.setCertificateEntry("ca", certificates(AUTHORITY.trustedCertificates())[0]);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    private static Certificate[] certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .toArray(Certificate[]::new);
    }

    /** Runs a server that insists on a certificate of ours, and a client with one of the given authority. */
    private Openssl.Result openssl(CertificateAuthority clients, String version)
            throws IOException, InterruptedException {
        Path trusted = Files.writeString(directory.resolve("ca.crt"), AUTHORITY.trustedCertificates());
        List<String> server = new ArrayList<>(List.of(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-naccept",
                "1",
                "-www",
                "-Verify",
                "1",
                "-verify_return_error",
                "-CAfile",
                trusted.toString()));
        server.addAll(own("server", AUTHORITY));
        List<String> client = new ArrayList<>(List.of(
                "s_client",
                version,
                "-ign_eof",
                "-verify_return_error",
                "-verify_ip",
                "127.0.0.1",
                "-CAfile",
                trusted.toString(),
                "-connect"));
        Process process = new ProcessBuilder(server)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        try {
            client.add("127.0.0.1:" + port(process));
            client.addAll(own("client", clients));
            return Openssl.run("GET / HTTP/1.0\r\n\r\n", client.toArray(String[]::new));
        } finally {
            process.destroyForcibly();
        }
    }

    private List<String> own(String name, CertificateAuthority authority) throws IOException {
        CertificateBundle leaf = authority.issue(Requests.server(), DAY);
        Path certificate = Files.writeString(directory.resolve(name + ".crt"), leaf.certificate());
        Path key = Files.writeString(
                directory.resolve(name + ".key"), leaf.privateKey().reveal());
        return List.of("-cert", certificate.toString(), "-key", key.toString());
    }

    private String port(Process server) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            String log = Files.readString(directory.resolve("server.log"));
            Matcher matcher = PORT.matcher(log);
            if (matcher.find()) {
                return matcher.group(1);
            }
            if (!server.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("openssl s_server does not listen: " + log);
            }
            Thread.sleep(10);
        }
    }
}
