package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.host.Probe;
import io.pgha.host.Probes;
import io.pgha.plan.Change;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts do in a real shell. */
class CertificateResourceTest {
    private static final Pki PKI = new Pki() {
        @Override
        public String trustedCertificates() {
            return "trusted\n";
        }

        @Override
        public CertificateBundle issue(CertificateRequest request) {
            return new CertificateBundle("the certificate\n", Secret.of("the key\n"));
        }

        @Override
        public Optional<String> defect(String pem, CertificateRequest request) {
            return pem.equals("the certificate\n") ? Optional.empty() : Optional.of("is another");
        }
    };

    @TempDir
    Path directory;

    @Test
    void whatWasIssuedIsFoundGoodUntilOneOfThePairChanges() throws Exception {
        Path crt = directory.resolve("tls").resolve("server.crt");
        CertificateResource resource = CertificateResource.at(crt.toString())
                .pki(PKI)
                .owner(sh("printf '%s:%s' \"$(id -un)\" \"$(id -gn)\"", ""))
                .request(CertificateRequest.builder()
                        .commonName("pg1")
                        .usage("etcd")
                        .build())
                .build();
        assertThat(diff(resource)).get().extracting(Change::reason).isEqualTo("absent");

        Act.OnHost act = resource.act(Observation.of("absent"));
        sh(act.command().script(), new String(act.command().stdin(), StandardCharsets.UTF_8));
        assertThat(diff(resource)).isEmpty();
        assertThat(observe(resource)).isEqualTo(act.leaves());
        Path key = directory.resolve("tls").resolve("server.key");
        assertThat(key).hasContent("the key\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Files.writeString(key, "another key\n");
        assertThat(diff(resource))
                .get()
                .extracting(Change::reason)
                .isEqualTo("certificate and key are not the pair that was issued");
    }

    private static Optional<Change> diff(CertificateResource resource) throws Exception {
        return resource.diff(Observation.of(observe(resource)));
    }

    private static String observe(CertificateResource resource) throws Exception {
        Probe probe = resource.probe();
        return Probes.answers(List.of(probe), sh(Probes.script(List.of(probe)), ""))
                .get(probe.id());
    }

    private static String sh(String script, String stdin) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
