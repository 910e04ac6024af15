package io.pgha.patroni.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.patroni.Wire;
import io.pgha.patroni.internal.protocol.ClusterDocument;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.internal.version.PatroniVersion;
import org.junit.jupiter.api.Test;

/** The table against what patronictl was seen to print. */
class ClusterTableTest {

    @Test
    void printsWhatPatronictl414Printed() {
        ClusterView view = ClusterView.builder()
                .name("batman")
                .systemId("7711212378671725294")
                .patroniVersion("4.1.4")
                .member(m -> m.name("pg0")
                        .roleName("leader")
                        .state("running")
                        .host("127.0.0.1")
                        .port(15432)
                        .timeline(1)
                        .tag("zone", "z0"))
                .member(m -> m.name("pg1")
                        .roleName("replica")
                        .state("streaming")
                        .host("127.0.0.1")
                        .port(15433)
                        .timeline(1)
                        .receiveLsn("0/4000060")
                        .receiveLag(0)
                        .replayLsn("0/4000060")
                        .replayLag(0)
                        .tag("zone", "z1"))
                .build();
        assertThat(ClusterTable.table(view)).isEqualTo("""
                + Cluster: batman (7711212378671725294) ---------+----+-------------+-----+------------+-----+----------+
                | Member | Host            | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag | Tags     |
                +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+----------+
                | pg0    | 127.0.0.1:15432 | Leader  | running   |  1 |             |     |            |     | zone: z0 |
                | pg1    | 127.0.0.1:15433 | Replica | streaming |  1 |   0/4000060 |   0 |  0/4000060 |   0 | zone: z1 |
                +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+----------+""");
    }

    @Test
    void printsOlderVersionsWithLagInMegabytesAndTheFooter() throws Exception {
        ClusterView view = ClusterDocument.read(Wire.cluster(
                        "3.3.2",
                        ", \"pause\": true, \"scheduled_switchover\": {\"at\": \"2030-01-01T10:00:00+02:00\","
                                + " \"from\": \"pg1\", \"to\": \"pg2\"}",
                        Wire.Member.leader("pg1", "https://10.0.0.1:8008", 3)
                                .tags("{}, \"pending_restart\": true, \"pending_restart_reason\":"
                                        + " {\"max_connections\": {\"old_value\": \"100\", \"new_value\": \"200\"}}"),
                        Wire.Member.replica("pg2", "https://10.0.0.2:8008", 3).role("sync_standby"),
                        Wire.Member.replica("pg3", "https://10.0.0.3:8008", 0)
                                .state("stopped")
                                .lag(-1)))
                .patroniVersion("3.3.2")
                .build();
        assertThat(view).hasToString("""
                batman: leader pg1 (TL 3), 2 replicas (1 running), paused
                + Cluster: batman --+--------------+-----------+----+-----------+-----------------+---------------------------+
                | Member | Host     | Role         | State     | TL | Lag in MB | Pending restart | Pending restart reason    |
                +--------+----------+--------------+-----------+----+-----------+-----------------+---------------------------+
                | pg1    | 10.0.0.1 | Leader       | running   |  3 |           | *               | max_connections: 100->200 |
                | pg2    | 10.0.0.2 | Sync Standby | streaming |  3 |         0 |                 |                           |
                | pg3    | 10.0.0.3 | Replica      | stopped   |    |   unknown |                 |                           |
                +--------+----------+--------------+-----------+----+-----------+-----------------+---------------------------+
                 Maintenance mode: on
                 Switchover scheduled at: 2030-01-01T10:00:00+02:00
                                    from: pg1
                                      to: pg2""");
    }

    @Test
    void knowsWhichVersionHasWhat() {
        assertThat(Wire.version("3.0.2").has(Feature.REPLICATION_STATE)).isFalse();
        assertThat(Wire.version("3.0.4").has(Feature.REPLICATION_STATE)).isTrue();
        assertThat(Wire.version("3.3.9").has(Feature.REST_THREAD_POOL)).isTrue();
        assertThat(Wire.version("4.0.7").has(Feature.REST_THREAD_POOL)).isFalse();
        assertThat(Wire.version("4.0.8").has(Feature.REST_THREAD_POOL)).isTrue();
        assertThat(Wire.version("4.1.0").has(Feature.REST_THREAD_POOL)).isFalse();
        assertThat(Wire.version("5.0.0").has(Feature.REST_THREAD_POOL)).isTrue();
        assertThat(PatroniVersion.parse("4.2.0b1")).contains(new PatroniVersion(4, 2, 0));
        assertThat(PatroniVersion.parse("unknown")).isEmpty();
    }
}
