package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.Permission;
import io.etcd.jetcd.api.PutRequest;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.port.DistributedConfigStore.Versioned;
import io.pgha.port.OperationLock;
import io.pgha.secret.Secret;
import io.pgha.testing.Requirement;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real etcd of three members on this machine. */
class EtcdClientTest {
    private static final long QUOTA = 16L << 20;

    @TempDir
    Path directory;

    private LocalEtcd etcd;
    private EtcdClient client;

    @BeforeEach
    void start() throws Exception {
        requireEtcd();
        etcd = LocalEtcd.start(directory, 3, QUOTA);
        client = etcd.client();
    }

    /** Skips with a reason where there is no etcd; that is a failure with {@code -Dpgha.lab=required}, for which mvnw fetches one. */
    private static void requireEtcd() {
        boolean possible = LocalEtcd.binary().isPresent();
        String reason =
                "The tests against a real etcd need its program: -Dpgha.etcd=DIRECTORY names one, and on Debian ./mvnw"
                        + " -Dpgha.lab=required fetches it";
        Requirement.met(possible, reason);
    }

    @AfterEach
    void stop() throws Exception {
        if (client != null) {
            client.close();
            etcd.stop();
        }
    }

    private void put(String key, String value) throws InterruptedException {
        client.session()
                .rpc()
                .change(channel -> KVGrpc.newBlockingStub(channel)
                        .put(PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(value))
                                .build()));
    }

    private void await(BlockingQueue<DcsView> views, Predicate<DcsView> condition) throws InterruptedException {
        DcsView view;
        do {
            view = views.poll(20, TimeUnit.SECONDS);
            assertThat(view).as("what was waited for").isNotNull();
        } while (!condition.test(view));
    }

    @Test
    void everyMemberIsHealthyAndOneLeads() throws Exception {
        EtcdStatus status = client.status();

        assertThat(status.healthy()).as(status.toString()).isTrue();
        assertThat(status.quorum()).isEqualTo(2);
        assertThat(status.leader()).isPresent();
        assertThat(status.members()).allSatisfy(each -> {
            assertThat(each.alarms()).isEmpty();
            assertThat(each.figures()).hasValueSatisfying(f -> {
                assertThat(f.version()).startsWith("3.");
                assertThat(f.dbSize()).isPositive();
                assertThat(f.lag()).isLessThan(100);
            });
        });
        assertThat(status.toString()).contains("m0", "m1", "m2");
        assertThat(client.membersAsync().get(10, TimeUnit.SECONDS)).hasSize(3);
    }

    @Test
    void aClusterWithoutAQuorumShowsHowItIs() throws Exception {
        etcd.kill(0);
        etcd.kill(1);
        EtcdStatus status = client.status();
        assertThat(status.members()).hasSize(3);
        assertThat(status.healthyVoters()).isZero();
        assertThat(status.members())
                .filteredOn(each -> each.figures().isPresent())
                .extracting(each -> each.member().name())
                .containsExactly("m2");
        refused(() -> client.removeMember("m0"), EtcdException.QUORUM, "0 of 2 members would serve");
    }

    @Test
    void leaderMoves() throws Exception {
        EtcdStatus status = client.status();
        EtcdMember follower = status.members().stream()
                .filter(each -> !each.leader())
                .findFirst()
                .orElseThrow()
                .member();
        client.moveLeader(follower.name());
        assertThat(client.status().leader()).map(EtcdMember::name).contains(follower.name());
        assertThatThrownBy(() -> client.moveLeader("m9"))
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.NO_MEMBER))
                .hasMessageContaining("m0");
    }

    @Test
    void aDeadMemberIsReplacedAndTheQuorumIsKept() throws Exception {
        etcd.kill(1);
        etcd.wipe(1);
        EtcdStatus status = client.status();
        assertThat(status.healthy()).isFalse();
        assertThat(status.healthyVoters()).isEqualTo(2);
        assertThat(status.members().get(1).member()).isNotNull();

        refused(() -> client.removeMember("m0"), EtcdException.QUORUM, "1 of 2 members would serve");
        refused(() -> client.defragment(), EtcdException.UNHEALTHY, "m1");
        refused(() -> client.addMember(URI.create("https://127.0.0.1:1")), EtcdException.UNHEALTHY, "m1");
        refused(() -> client.moveLeader("m1"), EtcdException.NO_MEMBER, "cannot lead");

        client.removeMember("m1");
        EtcdMember learner = client.addMember(URI.create(etcd.peerUrl(1)));
        assertThat(learner.learner()).isTrue();
        etcd.start(1, "existing", etcd.initialCluster());
        EtcdMember voter = client.promoteMember(learner.id());
        assertThat(voter.learner()).isFalse();
        assertThat(voter.name()).isEqualTo("m1");
        assertThat(client.status().voters()).isEqualTo(3);
    }

    private static void refused(ThrowingCallable call, String code, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(why)
                .hasMessageContaining("To fix: ");
    }

    @Test
    void howTheMembersAreIsToldOnceTheyHaveElectedAnotherLeader() throws Exception {
        for (int round = 0; round < 2; round++) {
            String dead = client.status().leader().orElseThrow().name();
            int number = Integer.parseInt(dead.substring(1));
            etcd.kill(number);
            EtcdStatus status = client.status();
            assertThat(status.healthyVoters()).as(status.toString()).isEqualTo(2);
            assertThat(status.leader().orElseThrow().name()).isNotEqualTo(dead);
            etcd.start(number, "existing", etcd.initialCluster());
            etcd.awaitServing();
        }
    }

    @Test
    void aLeaderThatIsRemovedHandsOverFirst() throws Exception {
        String leader = client.status().leader().orElseThrow().name();
        client.removeMember(leader);
        EtcdStatus status = client.status();
        assertThat(status.members()).hasSize(2);
        assertThat(status.leader()).isPresent();
    }

    @Test
    void withoutAQuorumThatIsWhatIsSaid() throws Exception {
        etcd.kill(0);
        etcd.kill(1);
        assertThatThrownBy(() -> client.dcs("/service", "main").view())
                .isInstanceOfSatisfying(
                        EtcdException.class,
                        e -> assertThat(e.code()).isIn(EtcdException.NO_QUORUM, EtcdException.UNREACHABLE));
        etcd.kill(2);
        refused(() -> client.members(), EtcdException.UNREACHABLE, "does not answer");
    }

    @Test
    void aFullDatabaseIsEmptiedAndTakesWritesAgain() throws Exception {
        String mebibyte = "x".repeat(1 << 20);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 64; i++) {
                        put("filler", mebibyte);
                    }
                })
                .isInstanceOfSatisfying(
                        EtcdException.class, e -> assertThat(e.code()).isEqualTo(EtcdException.NO_SPACE));
        assertThat(client.status().members())
                .anySatisfy(each -> assertThat(each.alarms()).contains("NOSPACE"));

        List<Defragmentation> done = client.reclaimSpace();
        assertThat(done)
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.bytesAfter()).isLessThan(each.bytesBefore()));
        put("filler", "small");
        assertThat(client.status().members())
                .allSatisfy(each -> assertThat(each.alarms()).isEmpty());
    }

    @Test
    void aSnapshotIsWholeAndADamagedOneIsRefused() throws Exception {
        put("/service/main/leader", "db-01");
        Path file = directory.resolve("etcd.snapshot");
        EtcdSnapshot snapshot = client.snapshot(file);
        assertThat(EtcdSnapshot.read(file)).isEqualTo(snapshot);
        assertThat(directory.resolve("etcd.snapshot.part")).doesNotExist();

        byte[] bytes = Files.readAllBytes(file);
        bytes[5000] ^= 1;
        Files.write(file, bytes);
        refused(() -> EtcdSnapshot.read(file), EtcdException.SNAPSHOT, "SHA-256");
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        refused(() -> EtcdSnapshot.read(file), EtcdException.SNAPSHOT, "length");
        refused(() -> client.snapshot(directory.resolve("none/x")), EtcdException.SNAPSHOT, "cannot be written");
    }

    @Test
    void whatPatroniKeepsIsReadAsAWholeAndItsConfigurationIsSwapped() throws Exception {
        put("/service/main/leader", "db-01");
        put("/service/main/config", "{\"ttl\":30}");
        put("/service/main/members/db-01", """
                {"conn_url":"postgres://10.0.0.1:5432/postgres","api_url":"https://10.0.0.1:8008/patroni","state":"running",
                "role":"primary","version":"4.0.7","xlog_location":67108960,"timeline":2,"tags":{"nosync":true}}""");
        put("/service/main/members/db-02", "garbage");
        put(
                "/service/main/history",
                "[[1,67108864,\"no recovery target specified\",\"2026-01-01T00:00:00+00:00\",\"db-01\"]]");
        put("/service/main/sync", "{\"leader\":\"db-01\",\"sync_standby\":\"db-02,db-03\",\"quorum\":1}");
        put("/service/main/status", "{\"optime\":67108960,\"slots\":{\"db_02\":67108960}}");
        put("/service/main/failsafe", "{\"db-01\":\"https://10.0.0.1:8008/patroni\"}");
        put("/service/main/failover", "{}");
        put("/service/mainly/leader", "another cluster's");

        Dcs dcs = client.dcs("/service", "main");
        DcsView view = dcs.view();
        assertThat(view.leader()).contains("db-01");
        assertThat(view.members()).extracting(DcsView.Member::name).containsExactly("db-01", "db-02");
        assertThat(view.members().get(0).timeline()).hasValue(2);
        assertThat(view.members().get(0).tags()).containsEntry("nosync", "true");
        assertThat(view.members().get(1).state()).isEmpty();
        assertThat(view.failover()).isEmpty();
        assertThat(view.history())
                .singleElement()
                .satisfies(row -> assertThat(row.leader()).contains("db-01"));
        assertThat(view.sync())
                .hasValueSatisfying(sync -> assertThat(sync.standbys()).containsExactly("db-02", "db-03"));
        assertThat(view.status())
                .hasValueSatisfying(status -> assertThat(status.slots()).containsEntry("db_02", 67108960L));
        assertThat(view.failsafe()).containsKey("db-01");

        Versioned read = view.config().orElseThrow();
        assertThat(dcs.replaceConfig(read, "{\"ttl\":40}")).isTrue();
        assertThat(dcs.replaceConfig(read, "{\"ttl\":50}"))
                .as("somebody else was faster")
                .isFalse();
        assertThat(dcs.view().config().orElseThrow().json()).isEqualTo("{\"ttl\":40}");
        refused(() -> dcs.replaceConfig(read, "nonsense"), EtcdException.REFUSED, "no JSON object");

        long seen = dcs.view().revision();
        put("/service/main/members/db-02", "{}");
        DcsKeys keys = new DcsKeys(client.session().rpc(), client.session().async(), "/service", "main");
        assertThat(keys.remove(seen)).as("somebody was faster").isFalse();
        assertThat(dcs.view().raw()).isNotEmpty();
        assertThat(keys.remove(dcs.view().revision())).isTrue();
        assertThat(dcs.view().raw()).isEmpty();
        assertThat(keys.remove(dcs.view().revision())).as("nothing is there").isTrue();
        assertThat(client.dcs("/service", "mainly").view().leader()).contains("another cluster's");
    }

    @Test
    void aWatchGoesOnWhenItsMemberDies() throws Exception {
        BlockingQueue<DcsView> views = new LinkedBlockingQueue<>();
        try (DcsWatch watch = client.dcs("/service", "main").watch(views::add)) {
            assertThat(watch).isNotNull();
            await(views, view -> view.leader().isEmpty());
            put("/service/main/leader", "db-01");
            await(views, view -> view.leader().filter("db-01"::equals).isPresent());
            String leader = client.status().leader().orElseThrow().name();
            for (int i = 0; i < 3; i++) {
                if (!LocalEtcd.name(i).equals(leader)) {
                    etcd.kill(i);
                    etcd.start(i, "existing", etcd.initialCluster());
                    put("/service/main/leader", "after " + i);
                    String expected = "after " + i;
                    await(views, view -> view.leader().filter(expected::equals).isPresent());
                }
            }
        }
    }

    @Test
    void ofTwoControllersOneIsInside() throws Exception {
        OperationLock.Held first = etcd.lock().acquire(OperationLock.Holder.of("apply 3 changes"));
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> {
            try (OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("apply others"))) {
                return "inside " + held.lost();
            } catch (EtcdException e) {
                return e.code() + " " + e.getMessage();
            } catch (InterruptedException e) {
                return "interrupted";
            }
        });
        assertThat(second.get(40, TimeUnit.SECONDS)).startsWith("run.locked").contains("to apply 3 changes");
        assertThat(first.lost()).as("renewed meanwhile").isEmpty();
        first.close();

        AtomicInteger inside = new AtomicInteger();
        AtomicInteger entered = new AtomicInteger();
        List<CompletableFuture<Void>> racers = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try (OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("race " + i))) {
                        assertThat(held.lost()).isEmpty();
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        entered.incrementAndGet();
                        inside.decrementAndGet();
                    } catch (EtcdException locked) {
                        assertThat(locked.code()).isEqualTo(OperationLock.LOCKED);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (CompletableFuture<Void> racer : racers) {
            racer.get(60, TimeUnit.SECONDS);
        }
        assertThat(entered.get()).isPositive();
    }

    @Test
    void aLeaseThatNobodyRenewsIsLostAndADeadHoldersKeyGoes() throws Exception {
        OperationLock.Held held = etcd.lock().acquire(OperationLock.Holder.of("apply"));
        etcd.kill(0);
        etcd.kill(1);
        etcd.kill(2);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(25);
        while (held.lost().isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(200);
        }
        assertThat(held.lost())
                .hasValueSatisfying(problem -> assertThat(problem.code()).isEqualTo(OperationLock.LOST));
        held.close();
        assertThat(etcd.lock().acquire(OperationLock.Holder.of("apply")).lost())
                .as("without etcd the hosts alone decide")
                .isEmpty();
    }

    /** Makes root and a user of one prefix, and enables authentication. */
    private void enableAuthentication() throws InterruptedException {
        for (String name : List.of("root", "main")) {
            auth(stub -> stub.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(name)
                    .setPassword("secret of " + name)
                    .build()));
        }
        auth(stub ->
                stub.roleAdd(AuthRoleAddRequest.newBuilder().setName("main").build()));
        auth(stub -> stub.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("main")
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8("/service/main/"))
                        .setRangeEnd(ByteString.copyFromUtf8("/service/main0")))
                .build()));
        for (String name : List.of("root", "main")) {
            auth(stub -> stub.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                    .setUser(name)
                    .setRole(name)
                    .build()));
        }
        auth(stub -> stub.authEnable(AuthEnableRequest.getDefaultInstance()));
    }

    private void auth(Function<AuthGrpc.AuthBlockingStub, Object> change) throws InterruptedException {
        client.session().rpc().change(channel -> change.apply(AuthGrpc.newBlockingStub(channel)));
    }

    private EtcdClient as(String user, String password) {
        return Etcd.client(c -> etcd.options(c).user(user, Secret.of(password)));
    }

    @Test
    void usersLogInWithTheirPassword() throws Exception {
        put("/service/main/config", "{\"ttl\":30}");
        try (EtcdClient root = as("root", "secret of root")) {
            assertThat(root.dcs("/service", "main").view().config())
                    .as("whoever has a user is let in before he needs one, too")
                    .isPresent();
            enableAuthentication();
            assertThat(root.status().healthy()).as(root.status().toString()).isTrue();
            assertThat(root.dcs("/service", "main").view().leader()).isEmpty();
            assertThat(EtcdSnapshot.read(root.snapshot(directory.resolve("s")).file()))
                    .isNotNull();
        }
        refused(() -> client.dcs("/service", "main").view(), EtcdException.UNAUTHORIZED, "does not let this user");
        refused(() -> client.snapshot(directory.resolve("t")), EtcdException.UNAUTHORIZED, "does not let this user");
        assertThat(client.status().healthy())
                .as("health is for everybody to see: " + client.status())
                .isTrue();
        try (EtcdClient guesser = as("root", "a guess")) {
            refused(() -> guesser.dcs("/service", "main").view(), EtcdException.UNAUTHORIZED, "does not let this user");
        }
    }

    @Test
    void aUserOfOnePrefixReadsAndWritesThereOnly() throws Exception {
        put("/service/main/config", "{\"ttl\":30}");
        put("/service/other/config", "{\"ttl\":30}");
        enableAuthentication();
        try (EtcdClient patroni = as("main", "secret of main")) {
            Dcs own = patroni.dcs("/service", "main");
            Versioned read = own.view().config().orElseThrow();
            assertThat(own.replaceConfig(read, "{\"ttl\":40}")).isTrue();

            Dcs other = patroni.dcs("/service", "other");
            refused(other::view, EtcdException.UNAUTHORIZED, "permission denied");
            refused(() -> other.replaceConfig(read, "{\"ttl\":50}"), EtcdException.UNAUTHORIZED, "permission");
            refused(() -> patroni.removeMember("m0"), EtcdException.UNAUTHORIZED, "permission denied");
        }
        try (EtcdClient root = as("root", "secret of root")) {
            assertThat(root.dcs("/service", "other")
                            .view()
                            .config()
                            .orElseThrow()
                            .json())
                    .isEqualTo("{\"ttl\":30}");
        }
    }

    @Test
    void aTokenThatIsNoMoreIsReplaced() throws Exception {
        put("/service/main/leader", "db-01");
        enableAuthentication();
        BlockingQueue<DcsView> views = new LinkedBlockingQueue<>();
        try (EtcdClient root = as("root", "secret of root");
                DcsWatch watch = root.dcs("/service", "main").watch(views::add)) {
            assertThat(watch).isNotNull();
            await(views, view -> view.leader().isPresent());
            Dcs dcs = root.dcs("/service", "main");
            try (EtcdClient other = as("root", "secret of root")) {
                other.session()
                        .rpc()
                        .change(channel -> AuthGrpc.newBlockingStub(channel)
                                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                                        .setName("root")
                                        .setPassword("secret of root")
                                        .build()));
            }
            assertThat(dcs.view().leader())
                    .as("with that password its tokens went")
                    .contains("db-01");

            for (int i = 0; i < 3; i++) {
                etcd.kill(i);
                etcd.start(i, "existing", etcd.initialCluster());
            }
            etcd.awaitServing();
            root.session()
                    .rpc()
                    .change(channel -> KVGrpc.newBlockingStub(channel)
                            .put(PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("/service/main/leader"))
                                    .setValue(ByteString.copyFromUtf8("db-02"))
                                    .build()));
            await(views, view -> view.leader().filter("db-02"::equals).isPresent());

            root.session()
                    .rpc()
                    .change(channel ->
                            AuthGrpc.newBlockingStub(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
            assertThat(dcs.view().leader()).as("with a token that nobody needs").contains("db-02");
        }
        assertThat(client.dcs("/service", "main").view().leader()).contains("db-02");
    }

    @Test
    void whoHasNoCertificateIsTurnedAway() throws Exception {
        try (EtcdClient stranger = Etcd.client(c -> c.endpoint(etcd.clientUrl(0)))) {
            refused(stranger::members, EtcdException.TLS, "do not agree on TLS");
        }
        client.close();
        refused(() -> client.members(), EtcdException.CLOSED, "closed");
    }
}
