package io.pgha.examples.etcd;

import static io.pgha.examples.etcd.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.PgHaException;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.DcsWatch;
import io.pgha.etcd.Defragmentation;
import io.pgha.etcd.Etcd;
import io.pgha.etcd.EtcdClient;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.EtcdMember;
import io.pgha.etcd.EtcdSnapshot;
import io.pgha.etcd.EtcdStatus;
import io.pgha.etcd.MemberStatus;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.examples.lab.LabHost;
import io.pgha.examples.quickstart.Writer;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.PreflightFailedException;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.OperationLock;
import io.pgha.run.Run;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the client, a member that is lost, a database that is full, a cluster that is lost, and two
 * controllers.
 */
@ClusterTest
@Tag("bookworm-only")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdIT {
    private static final long SMALL = 16L << 20;

    @TempDir
    static Path directory;

    private final LabCluster deployed;

    EtcdIT(LabCluster deployed) {
        this.deployed = deployed;
    }

    private Cluster cluster(PgHa pgha) {
        return pgha.cluster(deployed.config());
    }

    private LabHost host(String node) {
        return deployed.lab().host(node);
    }

    @Test
    @Order(1)
    void everyMemberServesAndWhatPatroniKeepsIsThere() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha))) {
            EtcdStatus status = etcd.status();
            assertThat(status.healthy()).as(status.toString()).isTrue();
            assertThat(status.members())
                    .hasSize(3)
                    .allSatisfy(member -> assertThat(member.figures()).isPresent());

            DcsView view = etcd.dcs().view();
            assertThat(view.members())
                    .extracting(DcsView.Member::name)
                    .containsExactly("postgres-01", "postgres-02", "postgres-03");
            assertThat(view.members())
                    .allSatisfy(member -> assertThat(member.state()).contains("running"));
            assertThat(deployed.leader().name()).isEqualTo(view.leader().orElseThrow());
            assertThat(view.failsafe()).hasSize(3);
            assertThat(view.initialize())
                    .hasValueSatisfying(id -> assertThat(id).matches("[0-9]+"));
        }
    }

    @Test
    @Order(2)
    void theDynamicConfigurationIsSwappedAndAWatchTellsIt() throws Exception {
        BlockingQueue<DcsView> views = new LinkedBlockingQueue<>();
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                DistributedConfigStore store =
                        cluster(pgha).distributedConfigStore().orElseThrow();
                DcsWatch watch = etcd.dcs().watch(views::add)) {
            assertThat(watch).isNotNull();
            DistributedConfigStore.Versioned before = store.config();
            String changed = before.json().replaceFirst("\"loop_wait\": ?[0-9]+", "\"loop_wait\":9");
            assertThat(changed).isNotEqualTo(before.json());
            assertThat(store.replaceConfig(before, changed)).isTrue();
            assertThat(store.replaceConfig(before, "{\"ttl\":20}")).isFalse();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            DcsView told;
            do {
                told = views.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(told).as("the watch tells of the change").isNotNull();
            } while (told.config().filter(now -> now.json().equals(changed)).isEmpty());
            assertThat(store.replaceConfig(store.config(), before.json())).isTrue();
        }
    }

    @Test
    @Order(3)
    void theLeaderMovesAndTheDatabaseIsCompactedDefragmentedAndSaved() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha))) {
            EtcdMember follower = etcd.status().members().stream()
                    .filter(each -> !each.leader())
                    .map(MemberStatus::member)
                    .findFirst()
                    .orElseThrow();
            etcd.moveLeader(follower.name());
            assertThat(etcd.status().leader()).contains(follower);

            assertThat(etcd.compact()).isPositive();
            List<Defragmentation> done = etcd.defragment();
            assertThat(done).hasSize(3);
            assertThat(done.get(2).member()).as("the leader is last").isEqualTo(follower);
            assertThat(etcd.disarmAlarms()).isEmpty();

            EtcdSnapshot snapshot = etcd.snapshot(directory.resolve("early"));
            assertThat(EtcdSnapshot.read(snapshot.file())).isEqualTo(snapshot);
        }
    }

    @Test
    @Order(4)
    void aMemberLeavesAndAnotherLearnsAndIsPromotedWhileWritesGoOn() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            EtcdMember leaving = etcd.status().leader().orElseThrow();
            URI peer = leaving.peerUrls().get(0);

            etcd.removeMember(leaving.name());
            assertThat(etcd.status().voters()).isEqualTo(2);
            assertThat(etcd.status().healthy()).isTrue();
            host(leaving.name())
                    .exec("systemctl stop etcd; rm -rf /var/lib/etcd/postgresql-cluster")
                    .text();

            EtcdMember learner = etcd.addMember(peer);
            assertThat(learner.learner()).isTrue();
            assertThat(etcd.members()).hasSize(3);
            refused(
                    () -> etcd.addMember(
                            URI.create("https://" + deployed.lab().config().address(99) + ":2380")),
                    EtcdException.UNHEALTHY,
                    "not healthy");
            // The plan starts etcd there, and waits for a member that serves; that takes its vote.
            Run run = cluster(pgha).plan().start(options -> options);
            EtcdMember voter = etcd.promoteMember(learner.id());
            run.await();

            assertThat(voter.name()).isEqualTo(leaving.name());
            assertThat(voter.id()).isNotEqualTo(leaving.id());
            EtcdStatus status = etcd.status();
            assertThat(status.healthy()).as(status.toString()).isTrue();
            assertThat(status.voters()).isEqualTo(3);
            writer.awaitMore(50, Duration.ofSeconds(60));
            assertThat(writer.failures()).isEmpty();
            assertThat(writer.stopAndCountLost()).isZero();
        }
    }

    @Test
    @Order(5)
    void aMemberThatLostItsDiskIsReplacedWhileWritesGoOn() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            writer.resetGap();
            String timeline = deployed.timeline();
            String lost = etcd.status().leader().orElseThrow().name();
            refused(() -> etcd.replaceMember(lost), EtcdException.REFUSED, "it serves");
            host(lost)
                    .exec("systemctl kill --signal=KILL etcd; rm -rf /var/lib/etcd/postgresql-cluster")
                    .text();
            String other = deployed.config().etcdNodes().stream()
                    .map(Node::name)
                    .filter(name -> !name.equals(lost))
                    .findFirst()
                    .orElseThrow();
            LabCluster.await(
                    "the others have a leader", () -> etcd.status().leader().isPresent());
            refused(() -> etcd.removeMember(other), EtcdException.QUORUM, "1 of 2 members would serve");
            refused(etcd::defragment, EtcdException.UNHEALTHY, lost);

            EtcdMember voter = etcd.replaceMember(lost);
            assertThat(voter.name()).isEqualTo(lost);
            assertThat(voter.learner()).isFalse();
            EtcdStatus status = etcd.status();
            assertThat(status.healthy()).as(status.toString()).isTrue();
            assertThat(status.voters()).isEqualTo(3);
            writer.awaitMore(50, Duration.ofSeconds(60));
            assertThat(deployed.timeline())
                    .as("the leader of PostgreSQL stayed")
                    .isEqualTo(timeline);
            assertThat(writer.gap()).isLessThan(Duration.ofSeconds(15));
            assertThat(writer.stopAndCountLost()).isZero();
        }
    }

    @Test
    @Order(6)
    void aQuotaBelowWhatIsThereIsRefused() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha))) {
            assertThat(fill(20)).doesNotContain("Error");
            Map<String, Long> before = sizes(etcd);
            PreflightFailedException refusal = catchThrowableOfType(
                    PreflightFailedException.class, () -> pgha.cluster(small()).plan());
            Map<String, Long> after = sizes(etcd);

            assertThat(refusal.problems()).hasSize(3).allSatisfy(problem -> {
                assertThat(problem.code()).isEqualTo("preflight.etcd-quota");
                // What etcd counts, not what the file has.
                String node = problem.node().orElseThrow();
                assertThat(Long.parseLong(problem.message().replaceAll(".* has ([0-9]+) bytes already.*", "$1")))
                        .isBetween(before.get(node), after.get(node));
            });
            etcd.reclaimSpace();
        }
    }

    @Test
    @Order(7)
    void aFullDatabaseTakesWritesAgain() throws Exception {
        ClusterConfig small = small();
        try (PgHa pgha = deployed.open()) {
            pgha.cluster(small).plan().apply();
            try (EtcdClient etcd = Etcd.client(pgha.cluster(small))) {
                assertThat(fill(60)).contains("space exceeded");
                assertThat(etcd.status().members())
                        .anySatisfy(member -> assertThat(member.alarms()).contains("NOSPACE"));
                refused(etcd::disarmAlarms, EtcdException.NO_SPACE, "would raise it again");

                assertThat(etcd.reclaimSpace())
                        .hasSize(3)
                        .allSatisfy(member -> assertThat(member.bytesAfter()).isLessThan(member.bytesBefore()));
                assertThat(etcd.status().members())
                        .allSatisfy(member -> assertThat(member.alarms()).isEmpty());
                host("postgres-01")
                        .exec(". /etc/profile.d/pgha-etcd.sh; etcdctl put filler small && etcdctl del filler")
                        .text();
            }
            cluster(pgha).plan().apply();
            assertThat(cluster(pgha).plan().isEmpty()).isTrue();
        }
    }

    @Test
    @Order(8)
    void aClusterWhoseDataIsLostComesBackFromASnapshot() throws Exception {
        try (PgHa pgha = deployed.open();
                EtcdClient etcd = Etcd.client(cluster(pgha));
                Writer writer = deployed.writer(cluster(pgha))) {
            Path file = etcd.snapshot(directory.resolve("late")).file();
            refused(() -> etcd.restore(file), EtcdException.REFUSED, "etcd serves");
            Path damaged = Files.write(directory.resolve("damaged"), new byte[4096 + 32]);
            refused(() -> etcd.restore(damaged), EtcdException.SNAPSHOT, "SHA-256");

            writer.start();
            writer.awaitMore(50, Duration.ofSeconds(60));
            for (Node node : deployed.config().etcdNodes()) {
                host(node.name()).exec("systemctl stop etcd").text();
            }
            host("postgres-01").exec("rm -rf /var/lib/etcd/postgresql-cluster").text();
            host("postgres-02").exec("rm -rf /var/lib/etcd/postgresql-cluster").text();

            EtcdStatus status = etcd.restore(file);
            assertThat(status.healthy()).as(status.toString()).isTrue();
            DcsView view = etcd.dcs().view();
            assertThat(view.members()).hasSize(3);
            assertThat(view.leader()).isPresent();
            writer.awaitMore(50, Duration.ofSeconds(60));
            // Patroni may have demoted the leader while etcd went: who leads now is whoever knew most, and that shows
            // in this.
            assertThat(writer.stopAndCountLost()).isZero();
        }
    }

    @Test
    @Order(9)
    void ofTwoControllersOneIsInside() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger wanting = new AtomicInteger();
        AtomicInteger met = new AtomicInteger();
        try (PgHa one = deployed.open();
                PgHa two = deployed.open()) {
            for (int race = 0; race < 50; race++) {
                CompletableFuture<Boolean> first = race(one, inside, wanting, met);
                CompletableFuture<Boolean> second = race(two, inside, wanting, met);
                boolean firstIn = first.get(60, TimeUnit.SECONDS);
                boolean secondIn = second.get(60, TimeUnit.SECONDS);
                assertThat(firstIn || secondIn).as("one of the two was let in").isTrue();
            }
            assertThat(met.get())
                    .as("races in which one was let in while the other wanted to")
                    .isGreaterThan(40);

            try (OperationLock.Held held = cluster(one).lock("rehearse")) {
                refused(() -> cluster(two).lock("apply"), OperationLock.LOCKED, "to rehearse");
                assertThat(held.lost()).isEmpty();
            }
        }
    }

    private ClusterConfig small() {
        return ClusterConfig.builder()
                .from(deployed.config())
                .etcd(etcd -> etcd.quotaBackendBytes(SMALL))
                .build();
    }

    private static Map<String, Long> sizes(EtcdClient etcd) throws InterruptedException {
        return etcd.status().members().stream()
                .collect(Collectors.toMap(
                        member -> member.member().name(),
                        member -> member.figures().orElseThrow().dbSize()));
    }

    /** Writes a megabyte up to so many times, while etcd takes it. */
    private String fill(int times) throws Exception {
        return host("postgres-01")
                .exec(
                        ". /etc/profile.d/pgha-etcd.sh; i=0; while [ $i -lt " + times
                                + " ]; do { head -c 1000000 /dev/zero | tr '\\0' x | etcdctl put filler; } 2>&1 || break;"
                                + " i=$((i+1)); done",
                        Duration.ofMinutes(1))
                .text();
    }

    /** Returns whether it was let in. */
    private CompletableFuture<Boolean> race(
            PgHa controller, AtomicInteger inside, AtomicInteger wanting, AtomicInteger met) {
        return CompletableFuture.supplyAsync(() -> {
            wanting.incrementAndGet();
            try (OperationLock.Held held = cluster(controller).lock("race")) {
                if (wanting.decrementAndGet() > 0) {
                    met.incrementAndGet();
                }
                assertThat(inside.incrementAndGet()).as("inside at once").isEqualTo(1);
                assertThat(held.lost()).isEmpty();
                inside.decrementAndGet();
                return true;
            } catch (PgHaException e) {
                // The one inside took longer than the other is ready to wait: it was kept out, and told by whom.
                assertThat(e.code()).isEqualTo(OperationLock.LOCKED);
                assertThat(e).hasMessageContaining("to race");
                wanting.decrementAndGet();
                met.incrementAndGet();
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
