package io.pgha.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.Problem;
import io.pgha.certs.internal.authority.Authority;
import io.pgha.certs.internal.authority.Failure;
import io.pgha.certs.internal.crypto.Certificates;
import io.pgha.host.CommandResult;
import io.pgha.host.HostException;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.plan.Plan;
import io.pgha.plan.StalePlanException;
import io.pgha.port.CertificateBundle;
import io.pgha.port.CertificateRequest;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServedCertificate;
import io.pgha.resource.TlsEndpoint;
import io.pgha.run.RunFailedException;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StageSpec;
import io.pgha.testing.Rehearsal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rotations on rehearsed hosts, whose files real TLS servers on this machine serve. */
class CertsClientTest {
    private static final String CERTIFICATE = "/etc/toy/server.crt";
    private static final String TRUST = "/etc/toy/ca.crt";
    private static final int ETCD = 2379;
    private static final int POSTGRES = 5432;

    private final CaStore store = CaStore.memory();
    private final SecretStore secrets = SecretStore.memory();
    private final InMemoryTransport hosts = InMemoryTransport.of("trixie");
    private final Map<String, ToyDaemon> daemons = new ConcurrentHashMap<>();

    /** What a daemon that does not reload goes on to serve, by node. */
    private final Map<String, CertificateBundle> stuck = new ConcurrentHashMap<>();

    private final Map<String, String> stuckTrust = new ConcurrentHashMap<>();
    private PgHa pgha;
    private Cluster cluster;
    private CertsClient certs;

    @BeforeEach
    void deploy() throws Exception {
        pgha = open();
        cluster = pgha.cluster(Rehearsal.config().build());
        for (Node node : cluster.config().etcdNodes()) {
            for (ToyDaemon.Manners manners : ToyDaemon.Manners.values()) {
                daemons.put(
                        node.address() + ":" + (manners == ToyDaemon.Manners.ETCD ? ETCD : POSTGRES),
                        new ToyDaemon(manners, () -> serves(node.name()), () -> trusts(node.name())));
            }
        }
        certs = client(cluster);
        cluster.plan().apply();
    }

    @AfterEach
    void close() throws IOException {
        certs.close();
        pgha.close();
        for (ToyDaemon daemon : daemons.values()) {
            daemon.close();
        }
    }

    @Test
    void aHostThatForbidsTunnelsIsNamedAndNoCertificateIsBlamed() {
        Problem forbidden = Problem.on(
                "postgres-01", HostException.FORWARDING_FORBIDDEN, "it forbids tunnels", "set AllowTcpForwarding yes");
        try (CertsClient shut = Certs.client(
                cluster,
                options -> options.route(address -> {
                    throw new HostException(forbidden, null);
                }))) {
            assertThatThrownBy(shut::status)
                    .isInstanceOfSatisfying(
                            HostException.class, e -> assertThat(e.problem()).isEqualTo(forbidden));
        }
    }

    private PgHa open() {
        return Rehearsal.pgha(hosts, secrets, List.of(Certs.component(store), new Toy()));
    }

    private CertsClient client(Cluster of) {
        return Certs.client(
                of,
                options -> options.route(this::route)
                        .handshakeTimeout(Duration.ofSeconds(20))
                        .reloadTimeout(Duration.ofMillis(1)));
    }

    private InetSocketAddress route(InetSocketAddress asked) {
        ToyDaemon daemon = daemons.get(asked.getHostString() + ":" + asked.getPort());
        return daemon == null ? InetSocketAddress.createUnresolved("127.0.0.1", 1) : daemon.address();
    }

    private CertificateBundle serves(String node) {
        return stuck.getOrDefault(node, inFile(node));
    }

    private String trusts(String node) {
        return stuckTrust.getOrDefault(node, last(node, "file:" + TRUST));
    }

    private CertificateBundle inFile(String node) {
        String both = last(node, "certificate:" + CERTIFICATE);
        int end = both.indexOf("-----BEGIN CERTIFICATE");
        return new CertificateBundle(both.substring(end), Secret.of(both.substring(0, end)));
    }

    /** What the last command that brought a thing had on its standard input. */
    private String last(String node, String resource) {
        return hosts.done(node).stream()
                .filter(request -> request.isStep(resource))
                .flatMap(request -> request.command().stream())
                .reduce((one, later) -> later)
                .map(command -> new String(command.stdin(), StandardCharsets.UTF_8))
                .orElseThrow(() -> new AssertionError(resource + " was never brought to " + node));
    }

    @Test
    void status_shows_file_and_handshake_of_every_port() throws Exception {
        CertsView view = certs.status();
        assertThat(view.healthy()).as("%s", view).isTrue();
        assertThat(view.rotation()).isEqualTo(CaRotation.SETTLED);
        assertThat(view.authority())
                .isEqualTo(Certs.authority(store, cluster.config()).fingerprint());
        assertThat(view.certificates())
                .hasSize(6)
                .allMatch(each -> !each.mismatch() && each.usage().equals("toy"))
                .extracting(CertificateStatus::endpoint)
                .startsWith("toy etcd at 192.168.60.103:2379", "toy PostgreSQL at 192.168.60.103:5432");
        assertThat(view.certificates().get(0).served().orElseThrow())
                .satisfies(served -> assertThat(served.fingerprint())
                        .isEqualTo(Certificates.fingerprint(
                                Certificates.all(inFile("postgres-01").certificate())
                                        .get(0))))
                .satisfies(served -> assertThat(served.serial()).startsWith("01"))
                .satisfies(served -> assertThat(served.toString()).startsWith("CN=postgres-01, generation 1, until "));
        assertThat(view.toString())
                .startsWith("demo: 6 certificates of generation 1, all well\n")
                .contains("postgres-03  toy PostgreSQL at 192.168.60.105:5432  1  ");
        assertThat(certs.expiring(Duration.ofDays(300))).isEmpty();
        assertThat(certs.expiring(Duration.ofDays(366))).hasSize(6);
        assertThat(certs.statusAsync().get(60, TimeUnit.SECONDS).certificates()).isEqualTo(view.certificates());
    }

    @Test
    void status_names_what_is_wrong_where() throws Exception {
        stuck.put(
                "postgres-01",
                CertificateAuthority.create(ca -> ca.cluster("demo")).issue(Requests.server(), Duration.ofDays(1)));
        daemons.remove("192.168.60.104:5432").close();
        hosts.answer("postgres-03", "certificate:" + CERTIFICATE, "absent");
        CertsView view = certs.status();
        assertThat(view.defective()).hasSize(5);
        assertThat(view.toString())
                .startsWith("demo: 6 certificates of generation 1, 5 defective\n")
                .contains("serves another certificate than the one in " + CERTIFICATE
                        + "; that one was not issued by this authority")
                .contains("no handshake: Connection refused")
                .contains("there is no certificate in " + CERTIFICATE);
        assertThat(view.certificates().get(0).mismatch()).isTrue();
        assertThat(view.certificates().get(2).mismatch()).isFalse();
    }

    @Test
    void a_host_that_cannot_be_reached_is_a_defect_and_no_exception() throws Exception {
        hosts.behave((node, command) -> {
            if (node.name().equals("postgres-02")) {
                throw Failure.of("test", "the machine is off", "Switch it on.");
            }
            return new CommandResult(0, "", "");
        });
        assertThat(certs.status().defective())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.defects()).containsExactly("the machine is off"));
    }

    @Test
    void leaves_are_replaced_when_the_plan_is_applied_and_not_before() throws Exception {
        CertsView before = certs.status();
        Plan plan = certs.rotateLeaves();
        assertThat(plan.steps())
                .filteredOn(step -> step.resource().startsWith("certificate:"))
                .hasSize(3)
                .allMatch(step -> step.reason().equals("is of generation 1, should be of 2"));
        assertThat(certs.status())
                .usingRecursiveComparison()
                .ignoringFields("at")
                .isEqualTo(before);
        plan.apply();
        CertsView after = certs.status();
        assertThat(after.healthy()).isTrue();
        assertThat(after.generation()).isEqualTo(2);
        assertThat(after.certificates()).doesNotContainAnyElementsOf(before.certificates());
        assertThat(cluster.plan().isEmpty()).isTrue();
        assertThatThrownBy(plan::apply)
                .as("a plan is applied once")
                .isInstanceOf(StalePlanException.class)
                .hasMessageContaining("Plan again");
        assertThat(certs.status().generation())
                .as("what is refused leaves nothing on record")
                .isEqualTo(2);
    }

    @Test
    void leaves_that_were_replaced_in_part_are_replaced_by_the_next_plan() throws Exception {
        failOn("postgres-02", "certificate:" + CERTIFICATE);
        assertThatThrownBy(() -> certs.rotateLeaves().apply()).isInstanceOf(RunFailedException.class);
        hosts.behave((node, command) -> new CommandResult(0, "", ""));
        assertThat(certs.status().defective()).hasSize(4);
        cluster.plan().apply();
        assertThat(certs.status().healthy()).isTrue();
        assertThat(certs.status().generation()).isEqualTo(2);
    }

    @Test
    void the_authority_is_replaced_step_by_step() throws Exception {
        String old = certs.trustedCertificates();

        certs.rotateCa().apply();
        assertThat(certs.rotating()).isTrue();
        assertThat(certs.status().rotation()).isEqualTo(CaRotation.TRUSTING);
        assertThat(certs.status().healthy()).isTrue();
        String both = certs.trustedCertificates();
        assertThat(both).startsWith(old).hasSizeGreaterThan(old.length());
        assertThat(certs.status().generation()).isEqualTo(1);

        Plan issue = certs.rotateCa();
        assertThat(issue.steps()).noneMatch(step -> step.resource().startsWith("file:"));
        issue.apply();
        assertThat(certs.status().rotation()).isEqualTo(CaRotation.ISSUING);
        assertThat(certs.status().generation()).isEqualTo(2);
        assertThat(certs.status().healthy()).isTrue();
        assertThat(certs.trustedCertificates()).isEqualTo(both);

        certs.rotateCa().apply();
        assertThat(certs.status().rotation()).isEqualTo(CaRotation.DROPPING);
        assertThat(old + certs.trustedCertificates()).isEqualTo(both);

        assertThat(certs.rotateCa().isEmpty()).isTrue();
        assertThat(certs.rotating()).isTrue();
        certs.rotateCa().apply();
        assertThat(certs.rotating()).isFalse();
        assertThat(certs.status().healthy()).isTrue();
        assertThat(cluster.plan().isEmpty()).isTrue();
    }

    @Test
    void a_rotation_of_the_authority_that_is_cut_anywhere_is_finished_by_another_process() throws Exception {
        String old = certs.trustedCertificates();
        int cuts = 0;
        do {
            AtomicInteger left = new AtomicInteger(1);
            hosts.behave((node, request) -> {
                boolean step = request.step().isPresent() && !request.isStep("file:/var/lib/pgha/record");
                boolean fails = step && left.decrementAndGet() < 0;
                return new CommandResult(fails ? 1 : 0, "", "");
            });
            try (CertsClient resumed = client(open().cluster(cluster.config()))) {
                resumed.rotateCa().apply();
            } catch (RunFailedException cut) {
                cuts++;
            }
            assertThat(cuts).as("each turn does at least one step").isLessThan(40);
        } while (certs.rotating());
        hosts.behave((node, command) -> new CommandResult(0, "", ""));
        assertThat(cuts).isGreaterThan(5);
        assertThat(certs.status().healthy()).isTrue();
        assertThat(certs.trustedCertificates()).isNotEqualTo(old).containsOnlyOnce("BEGIN CERTIFICATE");
        assertThat(cluster.plan().isEmpty()).isTrue();
    }

    @Test
    void an_authority_that_has_ended_is_told_when_a_plan_is_made_and_can_still_be_read() {
        KeptAuthority ended = KeptAuthority.of(ended());
        String name = cluster.config().name();
        store.replace(name, store.read(name).orElseThrow(), ended);

        for (ThrowingCallable planning : List.<ThrowingCallable>of(cluster::plan, certs::rotateLeaves)) {
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(planning)
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.authority-expired"));
        }
        assertThat(certs.rotating()).isFalse();
        assertThat(certs.trustedCertificates()).isEqualTo(ended.trustedCertificates());
    }

    private static CertificateBundle ended() {
        AuthorityOptions options = AuthorityOptions.builder()
                .cluster("ended")
                .validity(Duration.ofDays(10))
                .build();
        Clock longAgo = Clock.fixed(Instant.now().minus(Duration.ofDays(20)), ZoneOffset.UTC);
        return Authority.create(options, longAgo).bundle();
    }

    @Test
    void a_rotation_ends_although_the_old_authority_has_ended_meanwhile() throws Exception {
        certs.rotateCa().apply();
        certs.rotateCa().apply();
        certs.rotateCa().apply();
        String name = cluster.config().name();
        KeptAuthority dropping = store.read(name).orElseThrow();
        assertThat(dropping.rotation()).isEqualTo(CaRotation.DROPPING);
        store.replace(
                name,
                dropping,
                KeptAuthority.builder().from(dropping).predecessor(ended()).build());

        certs.rotateCa().apply();
        assertThat(certs.rotating()).isFalse();
    }

    @Test
    void nothing_is_issued_while_a_daemon_refuses_the_new_authority() throws Exception {
        stuckTrust.put("postgres-02", trusts("postgres-02"));
        certs.rotateCa().apply();
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> certs.rotateCa())
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.not-proved"))
                .withMessageContaining(
                        "postgres-02: toy etcd at 192.168.60.104:2379 does not let in who has a certificate"
                                + " of the new authority")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("postgres-01", "PostgreSQL"));
        stuckTrust.clear();
        certs.rotateCa().apply();
        assertThat(certs.status().rotation()).isEqualTo(CaRotation.ISSUING);
    }

    @Test
    void the_old_authority_is_not_dropped_while_a_daemon_shows_its_certificate() throws Exception {
        certs.rotateCa().apply();
        stuck.put("postgres-03", inFile("postgres-03"));
        certs.rotateCa().apply();
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> certs.rotateCa())
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.not-proved"))
                .withMessageContaining("postgres-03: toy PostgreSQL")
                .withMessageContaining("that one was not issued by this authority");
        stuck.clear();
        certs.rotateCa().apply();
        assertThat(certs.status().rotation()).isEqualTo(CaRotation.DROPPING);
    }

    @Test
    void the_rotation_does_not_end_while_a_daemon_lets_in_who_has_a_certificate_of_the_old_authority()
            throws Exception {
        certs.rotateCa().apply();
        stuckTrust.put("postgres-02", trusts("postgres-02"));
        certs.rotateCa().apply();
        certs.rotateCa().apply();
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(() -> certs.rotateCa())
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.not-proved"))
                .withMessageContaining(
                        "postgres-02: toy etcd at 192.168.60.104:2379 still lets in who has a certificate of the old"
                                + " authority")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("postgres-01", "PostgreSQL"));
        assertThat(certs.rotating()).isTrue();
        stuckTrust.clear();
        certs.rotateCa().apply();
        assertThat(certs.rotating()).isFalse();
        assertThat(store.read("demo").orElseThrow().predecessor()).isEmpty();
    }

    @Test
    void an_authority_of_ones_own_is_brought_in() throws Exception {
        CertificateAuthority own = CertificateAuthority.create(ca -> ca.cluster("company"));
        do {
            certs.rotateCa(own).apply();
        } while (certs.rotating());
        assertThat(certs.status().authority()).isEqualTo(own.fingerprint());
        assertThat(certs.status().healthy()).isTrue();
        refused(() -> certs.rotateCa(own), "is the cluster's already");
        certs.rotateCa().apply();
        refused(() -> certs.rotateCa(own), "is being brought in");
    }

    private static void refused(ThrowingCallable call, String why) {
        assertThatExceptionOfType(PkiException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo("pki.authority-exists"))
                .withMessageContaining(why);
    }

    @Test
    void two_rotations_at_once_are_one() throws Exception {
        Plan mine = certs.rotateCa();
        Plan theirs = certs.rotateCa();
        theirs.apply();
        assertThatThrownBy(mine::apply).isInstanceOf(StalePlanException.class).hasMessageContaining("Plan again");
        assertThat(cluster.plan().isEmpty()).isTrue();
    }

    @Test
    void a_future_gives_what_the_method_gives_and_can_be_cancelled() throws Exception {
        certs.rotateLeavesAsync().get(60, TimeUnit.SECONDS).apply();
        certs.rotateCaAsync().get(60, TimeUnit.SECONDS).apply();
        assertThat(certs.expiringAsync(Duration.ofDays(366)).get(60, TimeUnit.SECONDS))
                .hasSize(6);
        CertificateAuthority other = CertificateAuthority.create(ca -> ca.cluster("other"));
        assertThatThrownBy(() -> certs.rotateCaAsync(other).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(PkiException.class);
        var status = certs.statusAsync();
        status.cancel(true);
        assertThatThrownBy(status::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void a_closed_client_says_so() {
        certs.close();
        assertThatThrownBy(() -> certs.status())
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> certs.statusAsync()).isInstanceOf(PkiException.class);
    }

    /** No certificate is to blame for it. */
    @Test
    void who_waits_for_a_client_that_is_closed_is_told_so() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CertsClient waiting = Certs.client(
                cluster,
                options -> options.route(address -> {
                    asked.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return address;
                    } catch (InterruptedException e) {
                        throw Failure.of("test", "interrupted", "Go on.");
                    }
                }));
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
            try {
                asked.await();
                waiting.close();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThatThrownBy(waiting::status)
                .isInstanceOfSatisfying(
                        PkiException.class, e -> assertThat(e.code()).isEqualTo("pki.closed"));
        closing.get(60, TimeUnit.SECONDS);
    }

    @Test
    void a_cluster_with_certificates_from_elsewhere_has_no_client() {
        try (PgHa other = Rehearsal.pgha(hosts, SecretStore.memory(), List.of())) {
            assertThatExceptionOfType(PkiException.class)
                    .isThrownBy(() -> Certs.client(other.cluster(cluster.config())))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("pki.not-ours"));
        }
    }

    @Test
    void an_existing_authority_is_adopted_once() {
        CaStore empty = CaStore.memory();
        CertificateAuthority own = CertificateAuthority.create(ca -> ca.cluster("company"));
        Certs.adopt(empty, "demo", own);
        Certs.adopt(empty, "demo", own);
        assertThat(Certs.authority(empty, cluster.config()).fingerprint()).isEqualTo(own.fingerprint());
        refused(
                () -> Certs.adopt(empty, "demo", CertificateAuthority.create(ca -> ca.cluster("company"))),
                "has another certificate authority already");
    }

    private void failOn(String name, String resource) {
        hosts.behave((node, request) ->
                new CommandResult(node.name().equals(name) && request.isStep(resource) ? 1 : 0, "", ""));
    }

    /** A daemon on every etcd node that reads its files at every handshake. */
    private static final class Toy implements Component {
        @Override
        public String name() {
            return "toy";
        }

        @Override
        public List<StageSpec> stages(PlanContext context) {
            StageSpec.Builder stage = StageSpec.of(Phase.DCS, "toys").policy(RollingPolicy.oneByOne());
            for (Node node : context.config().etcdNodes()) {
                CertificateResource certificate = CertificateResource.at(CERTIFICATE)
                        .pki(context.pki())
                        .owner("toy:toy")
                        .request(CertificateRequest.builder()
                                .commonName(node.name())
                                .usage("toy")
                                .names(node.name())
                                .addresses(node.address())
                                .build())
                        .endpoints(
                                new TlsEndpoint("toy etcd", node.address(), ETCD, TlsEndpoint.Opening.TLS),
                                new TlsEndpoint(
                                        "toy PostgreSQL", node.address(), POSTGRES, TlsEndpoint.Opening.POSTGRES))
                        .build();
                stage.lane(
                        node,
                        FileResource.at(TRUST)
                                .content(context.pki().trustedCertificates())
                                .build(),
                        certificate,
                        ServedCertificate.of(certificate).build());
            }
            return List.of(stage.build());
        }
    }
}
