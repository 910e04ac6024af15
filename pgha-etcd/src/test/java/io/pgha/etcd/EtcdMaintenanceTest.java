package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.PgHa;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.maintenance.MaintenanceConfig;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.WhenClosed;
import io.pgha.secret.SecretStore;
import io.pgha.testing.Rehearsal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of etcd does while maintenance is closed: from two hours ago to two hours from now. */
class EtcdMaintenanceTest {
    private static final WhenClosed OVERRIDE = WhenClosed.override("ticket 4711");

    private final LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    private final String opening = now.plusHours(2).toString();

    private MaintenanceConfig.Builder closed(MaintenanceConfig.Builder maintenance) {
        return maintenance
                .zone(ZoneOffset.UTC)
                .closed(time -> time.from(now.minusHours(2)).to(now.plusHours(2)));
    }

    /** Nobody listens there: what is let through fails with a code of etcd. */
    private EtcdClient unreachable() {
        return Etcd.client(c -> c.endpoint("http://127.0.0.1:1")
                .connectTimeout(Duration.ofMillis(200))
                .requestTimeout(Duration.ofMillis(500))
                .maintenance(this::closed));
    }

    private void assertRefused(ThrowingCallable operation) {
        assertThatExceptionOfType(MaintenanceClosedException.class)
                .isThrownBy(operation)
                .withMessageContaining("maintenance is closed until")
                .withMessageContaining(opening)
                .withMessageContaining("To fix: ");
    }

    private static void assertLetThrough(ThrowingCallable operation) {
        assertThatExceptionOfType(EtcdException.class).isThrownBy(operation);
    }

    @Test
    void aRestoreIsRefusedBeforeAnythingIsAskedOrDoneWithAReason(@TempDir Path directory) throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged"), "no snapshot");
        InMemoryTransport hosts = InMemoryTransport.of("trixie");
        try (PgHa pgha = PgHa.builder()
                        .transport(hosts)
                        .secrets(SecretStore.memory())
                        .install(Etcd.component())
                        .build();
                EtcdClient etcd = Etcd.client(pgha.cluster(
                        Rehearsal.config().maintenance(this::closed).build()))) {
            assertRefused(() -> etcd.restore(damaged));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> etcd.restoreAsync(damaged).get())
                    .withCauseInstanceOf(MaintenanceClosedException.class);
            assertThat(hosts.done("postgres-01")).isEmpty();

            assertThatExceptionOfType(EtcdException.class)
                    .isThrownBy(() -> etcd.restore(damaged, OVERRIDE))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(EtcdException.SNAPSHOT));
        }
    }

    @Test
    void aDefragmentationIsRefusedOrDoneWithAReason() {
        try (EtcdClient etcd = unreachable()) {
            assertRefused(etcd::defragment);
            assertLetThrough(() -> etcd.defragment(OVERRIDE));
        }
    }

    @Test
    void whatMendsOrIsOverAtOnceIsNeverRefused() {
        try (EtcdClient etcd = unreachable()) {
            assertLetThrough(etcd::members);
            assertLetThrough(etcd::compact);
            assertLetThrough(() -> etcd.moveLeader("postgres-01"));
            assertLetThrough(() -> etcd.removeMember("postgres-01"));
        }
    }

    @Test
    void aClientWithoutClosedTimesIsNeverRefused() {
        try (EtcdClient etcd = Etcd.client(c -> c.endpoint("http://127.0.0.1:1")
                .connectTimeout(Duration.ofMillis(200))
                .requestTimeout(Duration.ofMillis(500)))) {
            assertLetThrough(etcd::defragment);
        }
    }
}
