package io.pgha.examples.bench;

import io.pgha.certs.CertificateAuthority;
import io.pgha.model.pki.KeyAlgorithm;
import io.pgha.port.CertificateRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Issues certificates with pgha and with {@code openssl}, one after the other, and prints both rates. */
final class IssuingBench {
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(5);

    private static final String REQUEST = """
            set -e
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=postgres-01 \\
              -keyout leaf.key -out leaf.csr 2>/dev/null
            openssl x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -days 365 -extfile leaf.ext -out leaf.crt 2>/dev/null
            """;

    private IssuingBench() {}

    /** Issues one certificate. */
    private interface Issue {
        void once() throws IOException, InterruptedException;
    }

    static void measure() throws IOException, InterruptedException {
        CertificateAuthority authority = CertificateAuthority.create(ca -> ca.cluster("bench"));
        CertificateRequest request = CertificateRequest.builder()
                .commonName("postgres-01")
                .usage("bench")
                .names("postgres-01", "localhost")
                .addresses("192.168.60.103", "127.0.0.1")
                .build();
        Path directory = Files.createTempDirectory("pgha-bench");
        Files.writeString(directory.resolve("ca.crt"), authority.trustedCertificates());
        Files.writeString(
                directory.resolve("ca.key"), authority.bundle().privateKey().reveal());
        Files.writeString(directory.resolve("leaf.ext"), """
                basicConstraints=critical,CA:FALSE
                keyUsage=critical,digitalSignature
                extendedKeyUsage=serverAuth,clientAuth
                subjectAltName=DNS:postgres-01,DNS:localhost,IP:192.168.60.103,IP:127.0.0.1
                """);
        Issue pgha = () -> authority.issue(request, Duration.ofDays(365), KeyAlgorithm.EC_P256);
        Issue openssl = () -> run(directory);
        double ours = rate(pgha);
        double theirs = rate(openssl);
        System.out.printf(
                Locale.ROOT,
                "EC P-256, key and certificate, one after the other: pgha %.0f/s, openssl req + x509 %.0f/s (%.1f x)%n",
                ours,
                theirs,
                ours / theirs);
        for (String name : List.of("ca.crt", "ca.key", "leaf.ext", "leaf.key", "leaf.csr", "leaf.crt")) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
    }

    private static double rate(Issue issue) throws IOException, InterruptedException {
        repeat(issue, WARM_UP);
        long began = System.nanoTime();
        int number = repeat(issue, MEASURED);
        return number / ((System.nanoTime() - began) / 1e9);
    }

    private static int repeat(Issue issue, Duration time) throws IOException, InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        int number = 0;
        while (System.nanoTime() < until) {
            issue.once();
            number++;
        }
        return number;
    }

    private static void run(Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", REQUEST)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("openssl failed: " + said);
        }
    }
}
