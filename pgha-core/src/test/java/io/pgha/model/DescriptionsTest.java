package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DescriptionsTest {
    @Test
    void clusterShowsNumbersNodesAndWhatDiffersFromTheDefaults() {
        ClusterConfig config = Configs.lab()
                .postgres(pg -> pg.version(17).parameter("max_connections", 300))
                .build();
        assertThat(config).hasToString("""
                        postgresql-cluster: 3 etcd, 3 postgres, 2 haproxy, VIP 192.168.60.110/24
                          postgres-01 192.168.60.103 [ETCD, POSTGRES]
                          postgres-02 192.168.60.104 [ETCD, POSTGRES]
                          postgres-03 192.168.60.105 [ETCD, POSTGRES]
                          haproxy-01 192.168.60.100 [HAPROXY]
                          haproxy-02 192.168.60.101 [HAPROXY]
                          VIP 192.168.60.110/24 (virtual router id 110)
                          postgres.version: 17
                          postgres.parameters: {max_connections=300}""");
    }

    @Test
    void topologyShowsNumbersAndNodes() {
        assertThat(Topology.builder().node("pg", "10.0.0.1", ETCD, POSTGRES).build())
                .hasToString("1 etcd, 1 postgres, 0 haproxy\n  pg 10.0.0.1 [ETCD, POSTGRES]");
    }

    @Property(tries = 300)
    void firstLineFitsIntoJshell(
            @ForAll @IntRange(min = 1, max = 63) int name, @ForAll @IntRange(min = 0, max = 5) int vips) {
        ClusterConfig config = ClusterConfig.builder()
                .name("n".repeat(name))
                .topology(t -> {
                    t.node("pg", "10.0.0.1", ETCD, POSTGRES).node("lb", "10.0.0.2", HAPROXY);
                    for (int i = 1; i <= vips; i++) {
                        t.vip("10.0.0." + (100 + i) + "/24");
                    }
                    return t;
                })
                .build();
        String line = config.toString().lines().findFirst().orElseThrow();
        assertThat(line)
                .hasSizeLessThanOrEqualTo(72)
                .contains(": 1 etcd, 1 postgres, 1 haproxy")
                .startsWith("n");
        if (vips > 0) {
            assertThat(line).contains("VIP");
        }
    }
}
