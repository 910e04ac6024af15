package io.pgha.patroni.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.patroni.Wire;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.protocol.ClusterDocument;
import io.pgha.patroni.internal.protocol.HistoryDocument;
import org.junit.jupiter.api.Test;

/** The formats of patronictl, version by version. */
class FormatsTest {
    private static ClusterView view(String version) throws Exception {
        return ClusterDocument.read(Wire.cluster(
                        version,
                        "",
                        Wire.Member.leader("pg1", "https://10.0.0.1:8008", 3)
                                .tags(
                                        "{\"zone\": \"a\", \"nofailover\": true, \"failover_priority\": 1, \"text\": \"1\"}"),
                        Wire.Member.replica("pg2", "https://10.0.0.2:8008", 3).lag(2_500_000),
                        Wire.Member.replica("pg3", "https://10.0.0.3:8008", 0)
                                .state("stopped")
                                .lag(-1)
                                .tags("{\"replicatefrom\": \"pg2\"}")))
                .name("batman")
                .patroniVersion(version)
                .build();
    }

    @Test
    void jsonOmitsEmptyCellsAndKeepsTypes() throws Exception {
        assertThat(Formats.json(view("4.0.7"))).isEqualTo("""
                [{"Cluster": "batman", "Member": "pg1", "Host": "10.0.0.1", "Role": "Leader", "State": "running", "TL": 3, \
                "Tags": {"zone": "a", "nofailover": true, "failover_priority": 1, "text": "1"}}, \
                {"Cluster": "batman", "Member": "pg2", "Host": "10.0.0.2", "Role": "Replica", "State": "streaming", "TL": 3, \
                "Lag in MB": 2}, \
                {"Cluster": "batman", "Member": "pg3", "Host": "10.0.0.3", "Role": "Replica", "State": "stopped", \
                "Lag in MB": "unknown", "Tags": {"replicatefrom": "pg2"}}]""");
    }

    @Test
    void newerVersionsHavePositionsInPlaceOfTheLag() throws Exception {
        assertThat(Formats.tsv(view("4.1.4")).lines())
                .containsExactly(
                        "Cluster\tMember\tHost\tRole\tState\tTL\tReceive LSN\tReceive Lag\tReplay LSN\tReplay Lag\tTags",
                        "batman\tpg1\t10.0.0.1\tLeader\trunning\t3\t\t\t\t\t"
                                + "{failover_priority: 1, nofailover: true, text: '1', zone: a}",
                        "batman\tpg2\t10.0.0.2\tReplica\tstreaming\t3\t0/4000060\t2\t0/4000060\t2\t",
                        "batman\tpg3\t10.0.0.3\tReplica\tstopped\t\tunknown\t\tunknown\t\t{replicatefrom: pg2}");
    }

    @Test
    void yamlIsSortedAndQuotesWhatWouldBeSomethingElse() throws Exception {
        assertThat(Formats.yaml(view("3.3.2"))).isEqualTo("""
                - Cluster: batman
                  Host: 10.0.0.1
                  Member: pg1
                  Role: Leader
                  State: running
                  TL: 3
                  Tags:
                    failover_priority: 1
                    nofailover: true
                    text: '1'
                    zone: a
                - Cluster: batman
                  Host: 10.0.0.2
                  Lag in MB: 2
                  Member: pg2
                  Role: Replica
                  State: streaming
                  TL: 3
                - Cluster: batman
                  Host: 10.0.0.3
                  Lag in MB: unknown
                  Member: pg3
                  Role: Replica
                  State: stopped
                  Tags:
                    replicatefrom: pg2
                """);
    }

    @Test
    void topologyHangsAReplicaBelowItsSource() throws Exception {
        assertThat(Formats.topology(view("3.0.2"))
                        .lines()
                        .map(line -> line.substring(0, line.indexOf(line.charAt(0), 1))
                                .stripTrailing()))
                .contains("| pg1", "| + pg2", "|   + pg3");
        assertThat(Formats.topology(view("3.0.2")))
                .contains("| {failover_priority: 1, nofailover: true, text: '1', zone: a} |");
    }

    @Test
    void topologyOfMembersThatNameEachOtherEnds() {
        ClusterView circle = ClusterView.builder()
                .member(m -> m.name("a").roleName("replica").state("running").tag("replicatefrom", "b"))
                .member(m -> m.name("b").roleName("replica").state("running").tag("replicatefrom", "a"))
                .build();
        assertThat(Formats.topology(circle)).isNotBlank();
    }

    @Test
    void historyPadsShortRows() throws Exception {
        ClusterHistory history = HistoryDocument.read("[[1, 67393352, \"no recovery target specified\"],"
                + " [2, 83886080, \"no recovery target specified\", \"2026-11-23T04:04:46.064377+00:00\", \"pg1\"]]");

        assertThat(history.entries().get(0).newLeader()).isEmpty();
        assertThat(history.entries().get(1).timestamp()).isPresent();
        assertThat(Formats.table(history)).isEqualTo("""
                +----+----------+------------------------------+----------------------------------+------------+
                | TL |      LSN | Reason                       | Timestamp                        | New Leader |
                +----+----------+------------------------------+----------------------------------+------------+
                |  1 | 67393352 | no recovery target specified |                                  |            |
                |  2 | 83886080 | no recovery target specified | 2026-11-23T04:04:46.064377+00:00 | pg1        |
                +----+----------+------------------------------+----------------------------------+------------+""");
        assertThat(Formats.json(history))
                .startsWith("[{\"TL\": 1, \"LSN\": 67393352, \"Reason\": \"no recovery target"
                        + " specified\", \"Timestamp\": \"\", \"New Leader\": \"\"}, {");
        assertThat(Formats.yaml(history)).contains("  Timestamp: '2026-11-23T04:04:46.064377+00:00'\n");
        assertThat(Formats.tsv(history).lines()).element(1).isEqualTo("1\t67393352\tno recovery target specified\t\t");
    }

    @Test
    void showConfigIsTheYamlOfPatronictl() {
        DynamicConfig config = DynamicConfig.parse(
                "{ttl: 30, postgresql: {pg_hba: [local all all peer], parameters: {random_page_cost: 1.1, ssl: 'on'},"
                        + " use_slots: true}, slots: {}, nothing: null}");
        assertThat(Formats.yaml(config)).isEqualTo("""
                nothing: null
                postgresql:
                  parameters:
                    random_page_cost: 1.1
                    ssl: 'on'
                  pg_hba:
                  - local all all peer
                  use_slots: true
                slots: {}
                ttl: 30
                """);
    }
}
