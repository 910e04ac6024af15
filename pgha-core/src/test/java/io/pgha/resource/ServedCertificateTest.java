package io.pgha.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.plan.Change;
import io.pgha.port.CertificateRequest;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Trigger;
import io.pgha.testing.FakePki;
import io.pgha.testing.Rehearsal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts find out from a real TLS server. */
class ServedCertificateTest {
    @TempDir
    Path directory;

    private final List<Process> servers = new ArrayList<>();
    private int port;

    @BeforeEach
    void twoCertificates() throws Exception {
        for (String name : List.of("one", "other")) {
            sh("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout '"
                    + directory.resolve(name + ".key") + "' -out '" + directory.resolve(name + ".crt") + "' 2>&1");
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(Process::destroyForcibly);
    }

    @Test
    void theFileIsComparedWithTheHandshake() throws Exception {
        serve("one");
        assertThat(diff(resource("one").build(), observe(resource("one").build())))
                .isEmpty();
        assertThat(diff(resource("other").build(), observe(resource("other").build())))
                .contains("toy at 127.0.0.1:" + port + " serves another certificate than the one in "
                        + directory.resolve("other.crt"));
        assertThat(diff(resource("none").build(), observe(resource("none").build())))
                .contains("there is no " + directory.resolve("none.crt"));
    }

    @Test
    void silenceIsADefectOnlyWhereTheDaemonShouldRun() throws Exception {
        assertThat(diff(resource("one").build(), observe(resource("one").build())))
                .contains("toy at 127.0.0.1:" + port + " answers no TLS handshake");
        ServedCertificate later =
                resource("one").silence(ServedCertificate.Silence.NOT_RUNNING).build();
        assertThat(observe(later)).isEqualTo("ok");
        serve("other");
        assertThat(observe(later)).contains("serves another certificate");
    }

    @Test
    void aDaemonThatDidNotReloadIsAskedAgain() throws Exception {
        serve("one");
        Path asked = directory.resolve("asked");
        ServedCertificate resource = resource("other")
                .reload("echo asked >>'" + asked + "'")
                .limit(Duration.ofSeconds(3))
                .build();
        assertThat(run(resource.act(Observation.of("")).command().script()))
                .isEqualTo("1 Still not so after 3 s: toy at 127.0.0.1:" + port
                        + " serves another certificate than the one in " + directory.resolve("other.crt") + "\n");
        assertThat(Files.readAllLines(asked)).containsExactly("asked");
        Files.copy(directory.resolve("one.crt"), directory.resolve("same.crt"));
        Files.copy(directory.resolve("one.key"), directory.resolve("same.key"));
        assertThat(run(resource("same")
                        .build()
                        .act(Observation.of(""))
                        .command()
                        .script()))
                .isEqualTo("0 ");
    }

    @Test
    void aChangeBeforeItIsAReasonToLook() {
        ServedCertificate resource = resource("one").build();
        assertThat(resource.diff(new Observation("ok", List.of(new Trigger("after: run patroni", Reaction.RELOAD))))
                        .map(Change::reason))
                .contains("after: run patroni");
    }

    private ServedCertificate.Builder resource(String name) {
        return ServedCertificate.of(
                CertificateResource.at(directory.resolve(name + ".crt").toString())
                        .pki(FakePki.pki(Rehearsal.config().build()))
                        .owner("root:root")
                        .request(CertificateRequest.builder()
                                .commonName(name)
                                .usage("toy")
                                .build())
                        .endpoint(new TlsEndpoint("toy", "127.0.0.1", port, TlsEndpoint.Opening.TLS))
                        .build());
    }

    private void serve(String name) throws Exception {
        servers.add(new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-quiet",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        directory.resolve(name + ".crt").toString(),
                        "-key",
                        directory.resolve(name + ".key").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start());
        sh("tries=0; until openssl s_client -connect 127.0.0.1:" + port + " </dev/null >/dev/null 2>&1; do"
                + " tries=$((tries+1)); [ $tries -lt 100 ] || exit 1; sleep 0.1; done");
    }

    private static Optional<String> diff(ServedCertificate resource, String text) {
        return resource.diff(Observation.of(text)).map(Change::reason);
    }

    private static String observe(ServedCertificate resource) throws Exception {
        return sh(resource.probe().script()).stripTrailing();
    }

    private static String sh(String script) throws Exception {
        String out = run(script);
        assertThat(out).startsWith("0 ");
        return out.substring(2);
    }

    /** Status and output. */
    private static String run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + out;
    }
}
