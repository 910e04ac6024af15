package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.port.DistributedConfigStore.Versioned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The client against a real etcd of three members on this machine. */
class EtcdClientTest extends AgainstEtcd {
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
    void whoHasNoCertificateIsTurnedAway() throws Exception {
        try (EtcdClient stranger = Etcd.client(c -> c.endpoint(etcd.clientUrl(0)))) {
            refused(stranger::members, EtcdException.TLS, "do not agree on TLS");
        }
        client.close();
        refused(() -> client.members(), EtcdException.CLOSED, "closed");
    }
}
