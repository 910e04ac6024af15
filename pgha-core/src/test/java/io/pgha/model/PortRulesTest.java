package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortRulesTest {
    static Stream<UnaryOperator<ClusterConfig.Builder>> ports() {
        return Stream.of(0, 65536)
                .flatMap(port -> Stream.of(
                        c -> c.etcd(e -> e.clientPort(port)),
                        c -> c.etcd(e -> e.peerPort(port)),
                        c -> c.postgres(p -> p.port(port)),
                        c -> c.patroni(p -> p.restPort(port)),
                        c -> c.haproxy(h -> h.readWritePort(port)),
                        c -> c.haproxy(h -> h.readOnlyPort(port)),
                        c -> c.haproxy(h -> h.syncPort(port)),
                        c -> c.haproxy(h -> h.asyncPort(port)),
                        c -> c.haproxy(h -> h.statsPort(port))));
    }

    @ParameterizedTest
    @MethodSource("ports")
    void refusesNumbersThatAreNoPorts(UnaryOperator<ClusterConfig.Builder> change) {
        assertThat(Configs.codes(change)).containsExactly("port-range");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65535})
    void takesTheFirstAndLastPort(int port) {
        assertThat(Configs.codes(config -> config.postgres(pg -> pg.port(port))))
                .isEmpty();
    }

    static Stream<UnaryOperator<ClusterConfig.Builder>> clashes() {
        return Stream.of(
                c -> c.etcd(e -> e.clientPort(2380)),
                c -> c.etcd(e -> e.clientPort(5432)),
                c -> c.etcd(e -> e.peerPort(8008)),
                c -> c.postgres(p -> p.port(8008)),
                c -> c.postgres(p -> p.port(22)),
                c -> c.haproxy(h -> h.statsPort(22)),
                c -> c.haproxy(h -> h.readWritePort(5001)),
                c -> c.haproxy(h -> h.syncPort(5003)),
                c -> c.haproxy(h -> h.statsPort(5002)));
    }

    @ParameterizedTest
    @MethodSource("clashes")
    void refusesTwoDaemonsOfOneNodeOnOnePort(UnaryOperator<ClusterConfig.Builder> change) {
        assertThat(Configs.codes(change)).containsExactly("port-clash");
    }

    @Test
    void namesBothAndTheNodes() {
        List<Problem> problems = Configs.problems(config -> config.postgres(pg -> pg.port(2379)));
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .isEqualTo(
                                "etcd.clientPort and postgres.port are both 2379, and both listen on postgres-01, postgres-02,"
                                        + " postgres-03"));
    }

    @Test
    void lookAtTheRolesOfEachNode() {
        UnaryOperator<ClusterConfig.Builder> sameAsPostgres = c -> c.haproxy(h -> h.readWritePort(5432));
        assertThat(Configs.codes(sameAsPostgres)).isEmpty();
        assertThat(Configs.codes(
                        c -> sameAsPostgres.apply(c.topology(t -> t.node("all", "10.0.0.1", ETCD, POSTGRES, HAPROXY)))))
                .containsExactly("port-clash");
    }

    @Test
    void aForwardedSshPortIsNotTheNodesOwn() {
        assertThat(Configs.codesWith(t -> t.node(n -> n.name("x")
                        .address("192.168.60.150")
                        .role(POSTGRES)
                        .sshAddress("127.0.0.1")
                        .sshPort(5432))))
                .isEmpty();
        assertThat(Configs.codesWith(t -> t.node(n ->
                        n.name("x").address("192.168.60.150").role(POSTGRES).sshPort(5432))))
                .containsExactly("port-clash");
    }
}
