package io.pgha.examples.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.certs.CaRotation;
import io.pgha.certs.CertificateAuthority;
import io.pgha.certs.CertificateStatus;
import io.pgha.certs.Certs;
import io.pgha.certs.CertsClient;
import io.pgha.certs.CertsView;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.quickstart.Writer;
import io.pgha.plan.Impact;
import io.pgha.plan.Plan;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.run.Run;
import io.pgha.run.RunCancelledException;
import io.pgha.run.RunEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every certificate, and then the authority itself, is replaced under a running writer. */
@ClusterTest
@Tag("trixie-only")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CertificatesIT {
    private static final Logger LOG = LoggerFactory.getLogger(CertificatesIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Certificates that nobody may let in, by what is wrong with them. */
    private static final Map<String, CertificateBundle> WRONG = new LinkedHashMap<>();

    private final LabCluster lab;
    private final String ours;

    CertificatesIT(LabCluster lab) {
        this.lab = lab;
        this.ours = lab.config().node("postgres-01").address();
    }

    @Test
    @Order(1)
    void everyDaemonShowsTheCertificateInItsFile() throws Exception {
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()));
                CertsClient direct = Certs.client(pgha.cluster(lab.config()), c -> c.route(address -> address))) {
            CertsView view = certs.status();
            assertThat(view.certificates())
                    .hasSize(12)
                    .allSatisfy(each -> assertThat(each.defects()).isEmpty())
                    .noneMatch(CertificateStatus::mismatch);
            assertThat(view.certificates().stream().map(CertificateStatus::usage))
                    .containsOnly("etcd", "patroni", "postgres");
            assertThat(direct.status().certificates()).isEqualTo(view.certificates());
            assertThat(certs.expiring(Duration.ofDays(300))).isEmpty();
            assertThat(certs.expiring(Duration.ofDays(366))).hasSize(12);
            assertThat(certs.rotating()).isFalse();
        }
    }

    /** The company's authority stands between its root, which clients trust, and what the daemons show. */
    @Test
    @Order(1)
    void theAuthorityIsTheOneThatTheCompanyBrought() throws Exception {
        String shown = lab.host(lab.config().node("postgres-01"))
                .exec("""
                        openssl s_client -connect OURS:5432 -starttls postgres -CAfile /etc/patroni/tls/ca.crt \\
                          -verify_return_error </dev/null 2>&1
                        """.replace("OURS", ours))
                .text();
        assertThat(shown.replace(" ", "")).contains("Verifyreturncode:0(ok)", "CN=ExampleDatabases", "CN=ExampleRoot");
    }

    @Test
    @Order(2)
    void allLeavesAreReplacedByReloadsUnderAWriter() throws Exception {
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()));
                Writer writer = lab.writer(pgha.cluster(lab.config()))) {
            CertsView before = certs.status();
            Map<String, String> runs = runs();
            String leader = lab.leader().name();
            writer.start();
            writer.awaitMore(50, PATIENCE);

            Plan plan = certs.rotateLeaves();
            assertThat(plan.impact()).as("\n%s", plan).isEqualTo(Impact.RELOAD);
            assertThat(certs.status().generation()).as("a plan only looks").isEqualTo(before.generation());
            LOG.info("{}", plan.apply());

            CertsView after = certs.status();
            assertThat(after.healthy()).as("\n%s", after).isTrue();
            assertThat(after.generation()).isEqualTo(before.generation() + 1);
            assertThat(after.authority()).isEqualTo(before.authority());
            assertThat(served(after))
                    .doesNotContainAnyElementsOf(served(before))
                    .hasSize(9);
            writer.awaitMore(50, PATIENCE);
            LOG.info("gap {} in the rotation of leaves", writer.gap());
            assertThat(writer.failures()).isEmpty();
            assertThat(writer.stopAndCountLost()).isZero();
            assertThat(lab.leader().name()).isEqualTo(leader);
            assertThat(runs()).as("nothing restarted").isEqualTo(runs);
            assertThat(pgha.cluster(lab.config()).plan().isEmpty()).isTrue();
        }
    }

    @Test
    @Order(3)
    void theAuthorityIsReplacedInStepsThatCanBeCutAnywhere() throws Exception {
        String leader = lab.leader().name();
        String old;
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()))) {
            old = certs.status().authority();
            prepareWrong(pgha.cluster(lab.config()));
        }
        try (PgHa pgha = lab.open();
                Writer writer = lab.writer(pgha.cluster(lab.config()))) {
            writer.start();
            writer.awaitMore(50, PATIENCE);
            Set<CaRotation> seen = new LinkedHashSet<>();
            seen.add(step(3));
            for (int turn = 0; turn < 10 && rotating(); turn++) {
                seen.add(step(seen.size() == 2 ? 5 : Integer.MAX_VALUE));
            }
            assertThat(seen)
                    .containsExactly(CaRotation.TRUSTING, CaRotation.ISSUING, CaRotation.DROPPING, CaRotation.SETTLED);
            writer.awaitMore(50, PATIENCE);
            LOG.info("gap {}, failures {} in the rotation of the authority", writer.gap(), writer.failures());
            assertThat(writer.failures()).hasSizeLessThanOrEqualTo(1);
            assertThat(writer.stopAndCountLost()).isZero();
        }
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()))) {
            CertsView after = certs.status();
            assertThat(after.healthy()).as("\n%s", after).isTrue();
            assertThat(after.authority()).isNotEqualTo(old);
            assertThat(certs.trustedCertificates()).containsOnlyOnce("BEGIN CERTIFICATE");
            assertThat(pgha.cluster(lab.config()).plan().isEmpty()).isTrue();
        }
        assertThat(lab.leader().name()).isEqualTo(leader);
    }

    /**
     * One step, as a process of its own would take it, cancelled after a number of steps; returns how far it has come.
     */
    private CaRotation step(int cancelAfter) throws Exception {
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()))) {
            Plan plan = certs.rotateCa();
            Instant began = Instant.now();
            AtomicInteger finished = new AtomicInteger();
            CompletableFuture<Run> self = new CompletableFuture<>();
            Run run = plan.start(options -> options.listener(event -> {
                if (event instanceof RunEvent.StepFinished && finished.incrementAndGet() == cancelAfter) {
                    self.join().cancel();
                }
            }));
            self.complete(run);
            if (cancelAfter < plan.steps().size()) {
                assertThatThrownBy(run::await).isInstanceOf(RunCancelledException.class);
            } else {
                run.await();
            }
            CertsView view = certs.status();
            LOG.info(
                    "{}: {} of {} steps in {}\n{}",
                    view.rotation(),
                    finished,
                    plan.steps().size(),
                    Duration.between(began, Instant.now()),
                    view);
            Files.writeString(lab.state().resolve("ca.crt"), certs.trustedCertificates());
            return view.rotation();
        }
    }

    private boolean rotating() {
        try (PgHa pgha = lab.open();
                CertsClient certs = Certs.client(pgha.cluster(lab.config()))) {
            return certs.rotating();
        }
    }

    private void prepareWrong(Cluster cluster) {
        CertificateRequest member = CertificateRequest.builder()
                .commonName("postgres-01")
                .usage("test")
                .names("postgres-01")
                .addresses(ours)
                .build();
        WRONG.put(
                "expired",
                Certs.authority(LabCluster.caStore(lab.state()), lab.config()).issue(member, Duration.ofSeconds(1)));
        WRONG.put(
                "of the authority that was replaced",
                cluster.pki().orElseThrow().issue(member));
        WRONG.put(
                "foreign",
                CertificateAuthority.create(ca -> ca.cluster(lab.config().name()))
                        .issue(member, Duration.ofDays(1)));
    }

    @Test
    @Order(4)
    void wrongCertificatesAreRefused() throws Exception {
        LabHost host = lab.host(lab.config().node("postgres-01"));
        assertThat(letsIn(host, "/etc/etcd/tls/server")).isEqualTo("etcd client, etcd peer, PostgreSQL");
        assertThat(WRONG).hasSize(3);
        for (Map.Entry<String, CertificateBundle> each : WRONG.entrySet()) {
            String file = "/root/wrong";
            put(host, each.getValue(), file);
            assertThat(letsIn(host, file))
                    .as("who lets in a certificate that is " + each.getKey())
                    .isEmpty();
            assertThat(patroniAsClient(host, file, ours)).as(each.getKey()).contains("CERTIFICATE_VERIFY_FAILED");
        }
        assertThat(patroniAsClient(host, "/etc/etcd/tls/server", ours)).contains("trusted");
        assertThat(patroniAsClient(
                        host,
                        "/etc/etcd/tls/server",
                        lab.config().node("postgres-02").address()))
                .as("another's name")
                .containsAnyOf("CERTIFICATE_VERIFY_FAILED", "doesn't match"); // urllib3 2, urllib3 1
        assertThat(psql(host, "host=elsewhere.example hostaddr=" + ours, "/etc/etcd/tls/server"))
                .as("another's name")
                .contains("does not match host name");
        host.exec("rm -f /root/wrong.*").text();
    }

    /** Which ports let in who shows a certificate: what comes behind the handshake is theirs to refuse. */
    private String letsIn(LabHost host, String file) throws InterruptedException {
        String ports =
                host.exec("""
                        for port in 2379 2380; do
                          printf 'GET /version HTTP/1.0\\r\\n\\r\\n' \\
                            | timeout 5 openssl s_client -quiet -CAfile /etc/etcd/tls/ca.crt -cert FILE.crt -key FILE.key \\
                              -connect OURS:$port 2>/dev/null | grep -q '^HTTP/1' && echo $port
                        done
                        true
                        """.replace("FILE", file).replace("OURS", ours)).text();
        String psql = psql(host, "host=" + ours, file);
        return ((ports.contains("2379") ? "etcd client, " : "")
                        + (ports.contains("2380") ? "etcd peer, " : "")
                        + (psql.contains("no password supplied") ? "PostgreSQL, " : ""))
                .replaceAll(", $", "");
    }

    private static String psql(LabHost host, String where, String file) throws InterruptedException {
        return host.exec("psql -w -XAtc 'select 1' \"" + where + " user=postgres dbname=postgres sslmode=verify-full"
                        + " sslrootcert=/etc/patroni/tls/ca.crt sslcert=" + file + ".crt sslkey=" + file
                        + ".key\" 2>&1; true")
                .text();
    }

    /** What Patroni's own client of other members says of a server with a certificate. */
    private String patroniAsClient(LabHost host, String file, String name) throws InterruptedException {
        return host.exec("""
                        cat >/root/client.py <<'PYTHON'
                        import socket, sys
                        resolve = socket.getaddrinfo
                        socket.getaddrinfo = lambda host, port, *more: resolve('OURS', port, *more)
                        from patroni.request import PatroniRequest
                        client = PatroniRequest({'ctl': {'cacert': '/etc/patroni/tls/ca.crt'}})
                        try:
                            client.request('GET', 'https://NAME:22379/', timeout=5)
                            print('trusted')
                        except Exception as e:
                            print(e)
                        PYTHON
                        timeout 20 openssl s_server -accept 22379 -cert FILE.crt -key FILE.key -www >/dev/null 2>&1 &
                        server=$!
                        until timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/22379' 2>/dev/null; do
                          kill -0 $server || exit 1
                          sleep 0.1
                        done
                        python3 /root/client.py 2>&1
                        kill $server 2>/dev/null
                        rm -f /root/client.py
                        """.replace("FILE", file).replace("OURS", ours).replace("NAME", name))
                .text();
    }

    private static void put(LabHost host, CertificateBundle bundle, String file) throws InterruptedException {
        host.exec("umask 077; echo " + base64(bundle.certificate()) + " | base64 -d >" + file + ".crt; echo "
                        + base64(bundle.privateKey().reveal()) + " | base64 -d >" + file + ".key")
                .text();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> served(CertsView view) {
        return view.certificates().stream()
                .map(each -> each.served().orElseThrow().fingerprint())
                .distinct()
                .collect(Collectors.toList());
    }

    /** Identity of each unit's current run, by host. */
    private Map<String, String> runs() throws InterruptedException {
        Map<String, String> runs = new TreeMap<>();
        for (LabHost host : lab.lab().hosts()) {
            runs.put(
                    host.name(),
                    host.exec("systemctl show -p Id,InvocationID,MainPID etcd patroni haproxy keepalived;"
                                    + " head -1 /var/lib/postgresql/*/main/postmaster.pid 2>/dev/null; true")
                            .text());
        }
        return runs;
    }
}
