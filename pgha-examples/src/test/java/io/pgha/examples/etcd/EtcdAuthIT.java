package io.pgha.examples.etcd;

import static io.pgha.examples.etcd.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.MemberStatus;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.quickstart.Writer;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.plan.Plan;
import io.pgha.port.CertificateRequest;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.EtcdUser;
import io.pgha.port.OperationLock;
import io.pgha.port.Pki;
import io.pgha.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Authentication of etcd: turned on under a writer, in every operation, and turned off again. */
@ClusterTest
@Tag("bookworm-only")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdAuthIT {
    private static final String ROLE = "etcdctl user get postgresql-cluster --detail";

    private static final String WITH_USERS = "with-users.snapshot";

    @TempDir
    static Path directory;

    private final LabCluster deployed;

    EtcdAuthIT(LabCluster deployed) {
        this.deployed = deployed;
    }

    private ClusterConfig authenticated() {
        return ClusterConfig.builder()
                .from(deployed.config())
                .etcd(etcd -> etcd.from(deployed.config().etcd()).authentication(EtcdAuthentication.ENABLED))
                .build();
    }

    private Cluster cluster(PgHa pgha) {
        return pgha.cluster(authenticated());
    }

    private LabHost host(String node) {
        return deployed.lab().host(node);
    }

    /** Past every tunnel, with a certificate of the cluster's authority. */
    private EtcdClientOptions.Builder direct(EtcdClientOptions.Builder options, Cluster cluster) {
        Pki pki = cluster.pki().orElseThrow();
        cluster.config().etcdNodes().forEach(node -> options.endpoint("https://" + node.address() + ":2379"));
        return options.trust(pki.trustedCertificates())
                .clientCertificate(pki.issue(CertificateRequest.builder()
                        .usage("test")
                        .names("stranger")
                        .build()));
    }

    /** What is written now reaches every member's key in etcd: Patroni reads the database, and writes. */
    private void everyPatroniWrites(EtcdClient etcd) throws InterruptedException {
        long now = Long.parseLong(deployed.onLeader("select pg_wal_lsn_diff(pg_switch_wal(), '0/0')::bigint"));
        LabCluster.await("every Patroni has written since", () -> {
            DcsView view = etcd.dcs("/service", deployed.config().name()).view();
            return view.members().size() == 3
                    && view.members().stream()
                            .allMatch(member -> member.xlogLocation().orElse(0) >= now);
        });
    }

    private static void undisturbed(Writer writer) throws Exception {
        writer.awaitMore(50, Duration.ofSeconds(60));
        assertThat(writer.failures()).as("failed writes").isEmpty();
        assertThat(writer.gap()).isLessThan(Duration.ofSeconds(5));
        assertThat(writer.stopAndCountLost()).isZero();
    }

    @Test
    @Order(1)
    void itIsEnabledUnderAWriter() throws Exception {
        try (PgHa pgha = deployed.open();
                Writer writer = deployed.writer(cluster(pgha))) {
            String leader = deployed.leader().name();
            String timeline = deployed.timeline();
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            writer.resetGap();

            cluster(pgha).plan().apply();

            undisturbed(writer);
            assertThat(cluster(pgha).plan().steps()).isEmpty();
            assertThat(deployed.leader().name()).isEqualTo(leader);
            assertThat(deployed.timeline()).isEqualTo(timeline);
            try (EtcdClient etcd = Etcd.client(cluster(pgha))) {
                EtcdStatus status = etcd.status();
                assertThat(status.healthy()).as(status.toString()).isTrue();
                assertThat(etcd.dcs().view().failsafe()).hasSize(3);
                everyPatroniWrites(etcd);
            }
        }
    }

    @Test
    @Order(2)
    void aCertificateAloneLetsNobodyInAndPatroniStaysInItsPrefix() throws Exception {
        try (PgHa pgha = deployed.open()) {
            Cluster cluster = cluster(pgha);
            String scope = cluster.config().name();
            EtcdUser patroni = EtcdUser.patroni(cluster.config(), cluster.secrets());
            try (EtcdClient stranger = Etcd.client(c -> direct(c, cluster));
                    EtcdClient user = Etcd.client(c -> direct(c, cluster).user(patroni.name(), patroni.password()))) {
                refused(() -> stranger.dcs("/service", scope).view(), EtcdException.UNAUTHORIZED, "does not let");
                refused(
                        () -> stranger.dcs("/service", scope)
                                .replaceConfig(new DistributedConfigStore.Versioned("", 0), "{\"ttl\":1}"),
                        EtcdException.UNAUTHORIZED,
                        "does not let");
                refused(() -> stranger.snapshot(directory.resolve("s")), EtcdException.UNAUTHORIZED, "does not let");

                DistributedConfigStore.Versioned config =
                        user.dcs("/service", scope).view().config().orElseThrow();
                assertThat(user.dcs("/service", scope).replaceConfig(config, config.json()))
                        .isTrue();
                refused(() -> user.dcs("/service", "other").view(), EtcdException.UNAUTHORIZED, "permission denied");
                refused(
                        () -> user.dcs("/service", "other")
                                .replaceConfig(new DistributedConfigStore.Versioned("", 0), "{\"ttl\":1}"),
                        EtcdException.UNAUTHORIZED,
                        "permission denied");
            }
            assertThat(host("postgres-02")
                            .exec(". /etc/profile.d/pgha-etcd.sh; " + ROLE)
                            .text())
                    .contains("(prefix /service/postgresql-cluster/)");
            assertThat(host("postgres-02")
                            .exec("runuser -u postgres -- sh -c '. /etc/profile.d/pgha-etcd.sh; " + ROLE + "'")
                            .succeeded())
                    .isFalse();
        }
    }

    @Test
    @Order(3)
    void patroniLogsInAgainWhenItsTokenIsNoMore() throws Exception {
        String shortLived = "/etc/systemd/system/etcd.service.d/token-ttl.conf";
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            String leader = deployed.leader().name();
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            writer.resetGap();
            // A restart forgets all tokens; from then on they end before Patroni's next round. Later tests start etcd
            // without this.
            for (Node node : deployed.config().etcdNodes()) {
                host(node.name())
                        .exec("printf '[Service]\\nEnvironment=ETCD_AUTH_TOKEN_TTL=1\\n' >" + shortLived
                                + "; systemctl daemon-reload; systemctl restart etcd; rm " + shortLived
                                + "; systemctl daemon-reload")
                        .text();
                LabCluster.await(
                        node.name() + " serves again", () -> etcd.status().healthy());
            }
            for (int round = 0; round < 2; round++) {
                everyPatroniWrites(etcd);
            }
            everyPatroniWrites(etcd);
            undisturbed(writer);
            assertThat(deployed.leader().name()).isEqualTo(leader);
            assertThat(cluster(pgha).plan().steps()).isEmpty();
        }
    }

    /** Its mark is all that a run leaves behind that is killed when authentication is enabled and not yet proven. */
    @Test
    @Order(4)
    void aNewPasswordAndAnEnablingWithoutProofAreBroughtToTheirEnd() throws Exception {
        try (PgHa pgha = deployed.open();
                Writer writer = deployed.writer(cluster(pgha))) {
            Cluster cluster = cluster(pgha);
            EtcdUser before = EtcdUser.patroni(cluster.config(), cluster.secrets());
            Files.writeString(
                    deployed.state().resolve("secrets").resolve(before.name()).resolve("etcd.patroni"),
                    Secret.random(32).reveal());
            EtcdUser after = EtcdUser.patroni(cluster.config(), cluster.secrets());
            host("postgres-01")
                    .exec(
                            ". /etc/profile.d/pgha-etcd.sh; etcdctl put /pgha/postgresql-cluster/authentication-unproven killed")
                    .text();
            String leader = deployed.leader().name();
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            writer.resetGap();

            Plan plan = cluster.plan();
            assertThat(plan.toString()).contains("no Patroni has been seen to write with it");
            plan.apply();

            undisturbed(writer);
            assertThat(cluster.plan().steps()).isEmpty();
            assertThat(deployed.leader().name()).isEqualTo(leader);
            try (EtcdClient old = Etcd.client(c -> direct(c, cluster).user(before.name(), before.password()));
                    EtcdClient now = Etcd.client(c -> direct(c, cluster).user(after.name(), after.password()))) {
                refused(() -> old.dcs("/service", before.name()).view(), EtcdException.UNAUTHORIZED, "does not let");
                assertThat(now.dcs("/service", after.name()).view().leader()).contains(leader);
                everyPatroniWrites(now);
            }
        }
    }

    @Test
    @Order(5)
    void everyOperationLogsIn() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                DistributedConfigStore store =
                        cluster(pgha).distributedConfigStore().orElseThrow()) {
            DistributedConfigStore.Versioned config = store.config();
            assertThat(store.replaceConfig(config, config.json())).isTrue();
            try (OperationLock.Held held = cluster(pgha).lock("rehearse")) {
                assertThat(host("postgres-01")
                                .exec(". /etc/profile.d/pgha-etcd.sh; etcdctl get --prefix /pgha/")
                                .text())
                        .contains("to rehearse");
                assertThat(held.lost()).isEmpty();
            }
            assertThat(etcd.compact()).isPositive();
            assertThat(etcd.defragment()).hasSize(3);
            EtcdMember follower = etcd.status().members().stream()
                    .filter(each -> !each.leader())
                    .map(MemberStatus::member)
                    .findFirst()
                    .orElseThrow();
            etcd.moveLeader(follower.name());
            assertThat(etcd.status().leader()).contains(follower);

            lose(follower.name());
            assertThat(etcd.replaceMember(follower.name()).learner()).isFalse();
            lose(follower.name());
            cluster(pgha).plan().apply();
            assertThat(etcd.status().healthy()).isTrue();
            assertThat(cluster(pgha).plan().steps()).isEmpty();
        }
    }

    private void lose(String node) throws InterruptedException {
        host(node)
                .exec("systemctl stop etcd; rm -rf /var/lib/etcd/postgresql-cluster")
                .text();
    }

    @Test
    @Order(6)
    void aSnapshotBringsTheUsersBack() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            Path file = etcd.snapshot(directory.resolve(WITH_USERS)).file();
            refused(() -> etcd.restore(file), EtcdException.REFUSED, "etcd serves");
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            for (Node node : deployed.config().etcdNodes()) {
                lose(node.name());
            }
            EtcdStatus status = etcd.restore(file);
            assertThat(status.healthy()).as(status.toString()).isTrue();
            everyPatroniWrites(etcd);
            writer.awaitMore(50, Duration.ofSeconds(60));
            assertThat(writer.stopAndCountLost()).isZero();
            assertThat(cluster(pgha).plan().steps()).isEmpty();
        }
    }

    @Test
    @Order(7)
    void itIsDisabledUnderAWriter() throws Exception {
        try (PgHa pgha = deployed.open();
                Writer writer = deployed.writer(cluster(pgha))) {
            String leader = deployed.leader().name();
            String timeline = deployed.timeline();
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            writer.resetGap();

            Cluster plain = pgha.cluster(deployed.config());
            plain.plan().apply();

            undisturbed(writer);
            assertThat(plain.plan().steps()).isEmpty();
            assertThat(deployed.leader().name()).isEqualTo(leader);
            assertThat(deployed.timeline()).isEqualTo(timeline);
            try (EtcdClient etcd = Etcd.client(plain);
                    EtcdClient stranger = Etcd.client(c -> direct(c, plain))) {
                everyPatroniWrites(etcd);
                assertThat(stranger.dcs("/service", plain.config().name())
                                .view()
                                .leader())
                        .contains(leader);
            }
            String left = host("postgres-01")
                    .exec(". /etc/profile.d/pgha-etcd.sh; etcdctl user list; etcdctl role list; ls /etc/etcd")
                    .text();
            assertThat(List.of(left.split("\\s+")))
                    .doesNotContain("root", "postgresql-cluster", "passwords")
                    .contains("etcd.env");
        }
    }

    @Test
    @Order(8)
    void aSnapshotWithAuthenticationIsRestoredWithoutIt() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(pgha.cluster(deployed.config()));
                EtcdClient stranger = Etcd.client(c -> direct(c, pgha.cluster(deployed.config())))) {
            for (Node node : deployed.config().etcdNodes()) {
                lose(node.name());
            }
            EtcdStatus status = etcd.restore(directory.resolve(WITH_USERS));
            assertThat(status.healthy()).as(status.toString()).isTrue();
            everyPatroniWrites(stranger);
            assertThat(pgha.cluster(deployed.config()).plan().steps()).isEmpty();
        }
    }
}
