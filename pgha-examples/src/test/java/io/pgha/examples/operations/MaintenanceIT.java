package io.pgha.examples.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.examples.cluster.ClusterTest;
import io.pgha.examples.cluster.LabCluster;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.operation.SwitchoverOutcome;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.view.ScheduledSwitchover;
import io.pgha.plan.Plan;
import io.pgha.run.MaintenanceClosedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A running cluster while maintenance is closed: from two hours ago to two hours from now. */
@ClusterTest
@Tag("bookworm-only")
class MaintenanceIT {
    private final LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);

    private ClusterConfig.Builder closed(LabCluster lab) {
        return ClusterConfig.builder()
                .from(lab.config())
                .maintenance(m -> m.zone(ZoneOffset.UTC)
                        .closed(time -> time.from(now.minusHours(2)).to(now.plusHours(2))));
    }

    @Test
    void aPlanThatRestartsIsRefusedAndNothingIsTouched(LabCluster lab) throws Exception {
        PatroniHosts hosts = new PatroniHosts(lab);
        Map<String, String> postmasters = hosts.postmasters();
        ClusterConfig more = closed(lab)
                .postgres(pg -> pg.from(lab.config().postgres()).parameter("max_worker_processes", 19))
                .build();
        try (PgHa pgha = lab.open()) {
            Plan plan = pgha.cluster(more).plan();
            assertThat(plan.impact().interrupts()).isTrue();
            assertThat(plan.toString()).contains("Maintenance is closed until ");

            assertThatExceptionOfType(MaintenanceClosedException.class).isThrownBy(plan::apply);
            assertThat(pgha.cluster(closed(lab).build()).plan().toString()).contains("nothing to do");
        }
        assertThat(hosts.postmasters()).isEqualTo(postmasters);
    }

    @Test
    void aSwitchoverIsRefusedScheduledOrOverridden(LabCluster lab) throws Exception {
        try (PgHa pgha = lab.open()) {
            Cluster cluster = pgha.cluster(closed(lab).build());
            try (PatroniClient patroni = Patroni.client(cluster)) {
                String leader = lab.leader().name();
                assertThatExceptionOfType(MaintenanceClosedException.class)
                        .isThrownBy(() -> patroni.switchover(s -> s))
                        .satisfies(e -> assertThat(Duration.between(Instant.now(), e.opening()))
                                .isBetween(Duration.ofMinutes(110), Duration.ofMinutes(120)));
                assertThat(lab.leader().name()).isEqualTo(leader);

                String next = patroni.view().replicas().get(0).name();
                SwitchoverResult scheduled = patroni.switchover(s -> s.to(next).atNextOpening());
                assertThat(scheduled.outcome()).isEqualTo(SwitchoverOutcome.SCHEDULED);
                Optional<ScheduledSwitchover> off = patroni.flushSwitchover();
                assertThat(off.flatMap(ScheduledSwitchover::at).map(OffsetDateTime::toInstant))
                        .isEqualTo(cluster.maintenance()
                                .closed()
                                .map(closure -> closure.opening().toInstant()));
                assertThat(lab.leader().name()).isEqualTo(leader);

                SwitchoverResult result = patroni.switchover(s -> s.to(next).override("the test says so"));
                assertThat(result.outcome()).isEqualTo(SwitchoverOutcome.SWITCHED);
                assertThat(result.overridden()).contains("the test says so");
                assertThat(lab.leader().name()).isEqualTo(next);
            }
        }
    }
}
