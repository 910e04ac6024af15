package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.etcd.internal.dcs.LeaseLock;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.port.CertificateBundle;
import io.pgha.secret.Secret;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real etcd cluster with mutual TLS on the loopback interface, where this machine has the binary
 * ({@code -Dpgha.etcd=DIRECTORY} or on the path).
 */
final class LocalEtcd {
    /** Where a member is as its own machine reaches it, for tests that lead connections there to {@link #clientUrl}. */
    static final String BEHIND_A_TUNNEL = "192.168.60.101";

    private final Path directory;
    private final Path binary;
    private final long quota;
    private final CertificateBundle identity;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final TreeMap<Integer, Process> processes = new TreeMap<>();

    private LocalEtcd(Path directory, Path binary, int members, long quota) throws Exception {
        this.directory = directory;
        this.binary = binary;
        this.quota = quota;
        this.identity = identity(directory);
        Files.writeString(directory.resolve("crt"), identity.certificate());
        Files.writeString(directory.resolve("key"), identity.privateKey().reveal());
        for (int i = 0; i < members; i++) {
            allot();
        }
    }

    static Optional<Path> binary() {
        return Stream.concat(
                        Stream.ofNullable(System.getProperty("pgha.etcd")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)))
                .map(path -> Path.of(path, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static LocalEtcd start(Path directory, int members, long quota) throws Exception {
        LocalEtcd etcd = new LocalEtcd(directory, binary().orElseThrow(), members, quota);
        String initial = etcd.initialCluster();
        for (int i = 0; i < members; i++) {
            etcd.start(i, "new", initial);
        }
        etcd.awaitServing();
        return etcd;
    }

    private void allot() throws IOException {
        try (ServerSocket client = new ServerSocket(0);
                ServerSocket peer = new ServerSocket(0)) {
            clientPorts.add(client.getLocalPort());
            peerPorts.add(peer.getLocalPort());
        }
    }

    void awaitServing() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try (EtcdClient client = client()) {
            while (true) {
                try {
                    if (client.status().healthy()) {
                        return;
                    }
                } catch (EtcdException notYet) {
                    assertThat(System.nanoTime()).as(notYet.toString()).isLessThan(until);
                }
                assertThat(System.nanoTime()).isLessThan(until);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Makes room for one more member and returns its number. */
    int extend() throws IOException {
        allot();
        return clientPorts.size() - 1;
    }

    String clientUrl(int member) {
        return "https://127.0.0.1:" + clientPorts.get(member);
    }

    String peerUrl(int member) {
        return "https://127.0.0.1:" + peerPorts.get(member);
    }

    static String name(int member) {
        return "m" + member;
    }

    String initialCluster() {
        return Stream.iterate(0, i -> i + 1)
                .limit(clientPorts.size())
                .map(i -> name(i) + "=" + peerUrl(i))
                .collect(Collectors.joining(","));
    }

    void start(int member, String state, String initial) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--name=" + name(member),
                "--data-dir=" + directory.resolve(name(member)),
                "--listen-client-urls=" + clientUrl(member),
                "--advertise-client-urls=" + clientUrl(member),
                "--listen-peer-urls=" + peerUrl(member),
                "--initial-advertise-peer-urls=" + peerUrl(member),
                "--initial-cluster=" + initial,
                "--initial-cluster-state=" + state,
                "--initial-cluster-token=test",
                "--heartbeat-interval=100",
                "--election-timeout=1000",
                "--quota-backend-bytes=" + quota,
                "--client-cert-auth",
                "--peer-client-cert-auth"));
        for (String side : List.of("", "peer-")) {
            command.add("--" + side + "cert-file=" + directory.resolve("crt"));
            command.add("--" + side + "key-file=" + directory.resolve("key"));
            command.add("--" + side + "trusted-ca-file=" + directory.resolve("crt"));
        }
        processes.put(
                member,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name(member) + ".log").toFile())
                        .start());
    }

    void kill(int member) throws InterruptedException {
        Process process = processes.remove(member);
        if (process != null) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    void wipe(int member) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(name(member)))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    CertificateBundle identity() {
        return identity;
    }

    EtcdClient client() {
        return Etcd.client(this::options);
    }

    EtcdClientOptions.Builder options(EtcdClientOptions.Builder options) {
        for (int i = 0; i < clientPorts.size(); i++) {
            options.endpoint(clientUrl(i));
        }
        return options.trust(identity.certificate()).clientCertificate(identity);
    }

    LeaseLock lock() {
        return new LeaseLock(
                "test",
                () -> new Session(options(EtcdClientOptions.builder()).build(), Login.as(Optional.empty()), () -> {}));
    }

    private static CertificateBundle identity(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("identity.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "id",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=etcd",
                        "-validity",
                        "2",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost,ip:" + BEHIND_A_TUNNEL,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        return new CertificateBundle(
                pem("CERTIFICATE", keys.getCertificate("id").getEncoded()),
                Secret.of(pem(
                        "PRIVATE KEY",
                        keys.getKey("id", "password".toCharArray()).getEncoded())));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }

    void stop() throws InterruptedException {
        for (int member : List.copyOf(processes.keySet())) {
            kill(member);
        }
    }
}
