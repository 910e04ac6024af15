package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {
    @Test
    void defaultsAreValid() {
        assertThat(Configs.codes(config -> config)).isEmpty();
    }

    @Test
    void smallestClusterIsOneNode() {
        assertThat(Configs.codesOf(t -> t.node("pg", "10.0.0.1", ETCD, POSTGRES)))
                .isEmpty();
    }

    @Test
    void everythingOnTheSameThreeNodesIsValid() {
        assertThat(Configs.codesOf(t -> t.node("n1", "10.0.0.1", ETCD, POSTGRES, HAPROXY)
                        .node("n2", "10.0.0.2", ETCD, POSTGRES, HAPROXY)
                        .node("n3", "10.0.0.3", ETCD, POSTGRES, HAPROXY)
                        .vip("10.0.0.10/24")
                        .vip("10.0.0.11/24")))
                .isEmpty();
    }

    @Test
    void dedicatedEtcdOverIpv6IsValid() {
        assertThat(Configs.codesOf(t -> t.node("etcd-1", "fd00::1", ETCD)
                        .node("etcd-2", "fd00::2", ETCD)
                        .node("etcd-3", "fd00::3", ETCD)
                        .node("etcd-4", "fd00::4", ETCD)
                        .node("etcd-5", "fd00::5", ETCD)
                        .node("pg-1", "fd00::11", POSTGRES)
                        .node("pg-2", "fd00::12", POSTGRES)
                        .node("lb-1", "fd00::21", HAPROXY)
                        .vip("fd00::fe/64")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "a b", "a/b", "a\nb", "ä", "a'b"})
    void refusesNamesThatBreakPathsOrKeys(String name) {
        assertThat(Configs.codes(config -> config.name(name))).containsExactly("cluster-name");
    }

    @Test
    void takesNamesOfSixtyThreeCharactersAndNoMore() {
        assertThat(Configs.codes(config -> config.name("a".repeat(63)))).isEmpty();
        assertThat(Configs.codes(config -> config.name("a".repeat(64)))).containsExactly("cluster-name");
    }

    @Test
    void reportsTheProblemsOfAllPartsAtOnce() {
        InvalidConfigException e = catchThrowableOfType(
                InvalidConfigException.class,
                () -> Configs.lab()
                        .name("no good")
                        .topology(t -> t.node("a_b", "10.0.0.300", ETCD).node("c", "10.0.0.2", ETCD))
                        .etcd(etcd -> etcd.clientPort(0))
                        .postgres(pg -> pg.version(9).parameter("port", 1))
                        .patroni(patroni -> patroni.namespace("service"))
                        .haproxy(haproxy -> haproxy.fall(0))
                        .keepalived(keepalived -> keepalived.rise(0))
                        .pki(pki -> pki.renewBefore(java.time.Duration.ofDays(365)))
                        .os(os -> os.packages("Bad!"))
                        .build());
        assertThat(e.problems())
                .extracting(problem -> problem.code())
                .containsExactly(
                        "config.cluster-name",
                        "config.node-name",
                        "config.node-address",
                        "config.etcd-members",
                        "config.no-postgres",
                        "config.port-range",
                        "config.postgres-version",
                        "config.postgres-parameter-owned",
                        "config.patroni-namespace",
                        "config.check-count",
                        "config.check-count",
                        "config.pki-renew-before",
                        "config.package-name");
        assertThat(e.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.remedy()).endsWith(".");
        });
        assertThat(e.code()).isEqualTo("config.invalid");
        assertThat(e).hasMessageContaining("13 problem").hasMessageContaining("To fix: ");
    }

    @Test
    void copiesAreCheckedToo() {
        ClusterConfig valid = Configs.lab().build();
        assertThatThrownBy(() ->
                        ClusterConfig.builder().from(valid).name("no good").build())
                .isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void aCopyCanHaveOneMoreNode() {
        ClusterConfig config = Configs.lab().build();
        ClusterConfig bigger = ClusterConfig.builder()
                .from(config)
                .topology(t -> t.from(config.topology()).node("postgres-04", "192.168.60.106", POSTGRES))
                .build();
        assertThat(names(bigger.postgresNodes()))
                .containsExactly("postgres-01", "postgres-02", "postgres-03", "postgres-04");
        assertThat(bigger.topology().vips()).isEqualTo(config.topology().vips());
    }

    @Test
    void missingAttributesAreNamed() {
        assertThatThrownBy(() -> ClusterConfig.builder().build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("To fix: Call name(..), topology(..) on the builder.");
    }

    @Test
    void urlsCarryAddressAndPort() {
        ClusterConfig config = Configs.lab()
                .etcd(etcd -> etcd.clientPort(12379).peerPort(12380))
                .patroni(patroni -> patroni.restPort(18008))
                .build();
        Node node = config.node("postgres-01");
        assertThat(config.etcdClientUrl(node)).hasToString("https://192.168.60.103:12379");
        assertThat(config.etcdPeerUrl(node)).hasToString("https://192.168.60.103:12380");
        assertThat(config.patroniUrl(node)).hasToString("https://192.168.60.103:18008");
    }

    @Test
    void urlsPutIpv6IntoBrackets() {
        ClusterConfig config = Configs.lab()
                .topology(t -> t.node("pg", "fd00::1", ETCD, POSTGRES))
                .build();
        assertThat(config.etcdClientUrl(config.node("pg"))).hasToString("https://[fd00::1]:2379");
        assertThat(config.patroniUrl(config.node("pg")).getHost()).isEqualTo("[fd00::1]");
        assertThat(config.node("pg").hostPort(5432)).isEqualTo("[fd00::1]:5432");
    }

    @Test
    void nodesAreFoundByRoleAndName() {
        ClusterConfig config = Configs.lab().build();
        assertThat(names(config.etcdNodes())).containsExactly("postgres-01", "postgres-02", "postgres-03");
        assertThat(names(config.postgresNodes())).containsExactly("postgres-01", "postgres-02", "postgres-03");
        assertThat(names(config.haproxyNodes())).containsExactly("haproxy-01", "haproxy-02");
        assertThat(config.node("haproxy-02").address()).isEqualTo("192.168.60.101");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.node("nobody"))
                .withMessageContaining("nobody");
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(Node::name).toList();
    }
}
