package org.example;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pgha.certs.CertificateAuthority;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.etcd.EtcdException;
import io.pgha.model.ClusterConfig;
import io.pgha.model.ConfigCodec;
import io.pgha.model.NodeRole;
import io.pgha.secret.Secret;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.ssh.Ssh;
import io.pgha.tls.Identity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application of a stranger with a web server on Netty, which uses pgha: what it prints shows that the classes of both fit
 * together. Compiled and run by ConsumerApplicationIT. The argument, where there is one, is etcd's executable.
 */
@SpringBootApplication
public class Application {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create(ca -> ca.cluster("consumer"));
    private static final CertificateBundle CERTIFICATE = AUTHORITY.issue(
            CertificateRequest.builder().usage("server").name("localhost").address("127.0.0.1").build(),
            Duration.ofDays(1));

    public static void main(String[] arguments) throws Exception {
        try (var context = SpringApplication.run(Application.class, "--server.port=0", "--spring.main.banner-mode=off")) {
            System.out.println("spring: " + context.getEnvironment().getProperty("local.server.port").matches("[0-9]+"));
            configure();
            askPatroni();
            if (arguments.length == 0) {
                askNobody();
            } else {
                askEtcd(Path.of(arguments[0]));
            }
        }
    }

    private static void configure() {
        ClusterConfig config = ClusterConfig.builder()
                .name("consumer")
                .topology(t -> t.node("pg1", "10.0.0.1", NodeRole.ETCD, NodeRole.POSTGRES))
                .build();
        ClusterConfig again = ConfigCodec.yaml().read(ConfigCodec.yaml().write(config));
        System.out.println("configuration: " + again.equals(config));
        System.out.println("ssh: " + Ssh.transport(ssh -> ssh.user("ops").password(Secret.of("secret"))).getClass().getName());
    }

    private static void askPatroni() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {Identity.of(CERTIFICATE)}, null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        String url = "https://127.0.0.1:" + server.getAddress().getPort();
        String cluster = "{\"scope\": \"consumer\", \"members\": [{\"name\": \"pg1\", \"role\": \"leader\", \"state\": \"running\","
                + " \"api_url\": \"" + url + "/patroni\", \"host\": \"10.0.0.1\", \"port\": 5432, \"timeline\": 1}]}";
        String member = "{\"state\": \"running\", \"role\": \"primary\", \"server_version\": 170006,"
                + " \"xlog\": {\"location\": 67108960}, \"timeline\": 1, \"database_system_identifier\": \"1\","
                + " \"patroni\": {\"version\": \"4.0.7\", \"scope\": \"consumer\", \"name\": \"pg1\"}}";
        server.createContext("/", exchange -> {
            byte[] answer = (exchange.getRequestURI().getPath().equals("/cluster") ? cluster : member)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try (PatroniClient patroni = Patroni.client(c -> c.endpoint(url).trust(AUTHORITY.trustedCertificates()))) {
            System.out.println("patroni: " + patroni.view().leader().orElseThrow().name());
        } finally {
            server.stop(0);
        }
    }

    private static EtcdClient client(int port) {
        return Etcd.client(e -> e.endpoint("https://127.0.0.1:" + port)
                .trust(AUTHORITY.trustedCertificates())
                .clientCertificate(CERTIFICATE));
    }

    private static void askNobody() throws Exception {
        try (EtcdClient etcd = client(freePort())) {
            System.out.println("etcd: " + etcd.status());
        } catch (EtcdException e) {
            System.out.println("etcd: " + e.code());
        }
    }

    private static void askEtcd(Path executable) throws Exception {
        Path directory = Files.createTempDirectory("etcd");
        Path key = Files.writeString(directory.resolve("key"), CERTIFICATE.privateKey().reveal());
        Path certificate = Files.writeString(directory.resolve("crt"), CERTIFICATE.certificate());
        Path trust = Files.writeString(directory.resolve("ca"), AUTHORITY.trustedCertificates());
        int port = freePort();
        String peer = "http://127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(List.of(
                        executable.toString(),
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=https://127.0.0.1:" + port,
                        "--advertise-client-urls=https://127.0.0.1:" + port,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--client-cert-auth",
                        "--cert-file=" + certificate,
                        "--key-file=" + key,
                        "--trusted-ca-file=" + trust))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try (EtcdClient etcd = client(port)) {
            System.out.println("etcd: " + awaitHealthy(etcd));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean awaitHealthy(EtcdClient etcd) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                if (etcd.status().healthy()) {
                    return true;
                }
            } catch (EtcdException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
