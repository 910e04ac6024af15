package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyRulesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 6, 7})
    void refusesNumbersOfEtcdMembersThatAreNoBetterThanFewer(int members) {
        List<Problem> problems = Configs.problems(config -> config.topology(t -> {
            t.node("pg", "10.0.1.1", POSTGRES);
            for (int i = 1; i <= members; i++) {
                t.node("etcd-" + i, "10.0.0." + i, ETCD);
            }
            return t;
        }));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("config.etcd-members");
            assertThat(problem.message()).contains(members + " etcd members");
        });
        if (members > 0) {
            assertThat(problems.get(0).message()).contains("quorum").contains("etcd-1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "0.0.0.1", "::1"})
    void refusesAddressesThatEveryMachineHasForItself(String address) {
        String other = address.contains(":") ? "fd00::2" : "10.0.0.2";
        assertThat(Configs.codesOf(t -> t.node("a", address, ETCD, POSTGRES).node("b", other, POSTGRES)))
                .containsExactly("node-address-loopback");
        assertThat(Configs.codesOf(t -> t.node("a", address, ETCD, POSTGRES))).isEmpty();
        assertThat(Configs.codesOf(t -> t.node("a", address, ETCD, POSTGRES).node("b", "127.5.5.5", POSTGRES)))
                .doesNotContain("node-address-loopback");
        assertThat(Configs.codesOf(t -> t.node("a", "128.0.0.1", ETCD, POSTGRES).node("b", "1.0.0.1", POSTGRES)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "localhost.localdomain", "ip6-loopback"})
    void refusesTheNameOfEveryMachineForItself(String name) {
        assertThat(Configs.codesOf(t -> t.node(name, "10.0.0.1", ETCD, POSTGRES)))
                .containsExactly("node-name");
    }

    @Test
    void refusesATopologyWithoutPostgres() {
        assertThat(Configs.codesOf(t -> t.node("etcd", "10.0.0.1", ETCD))).containsExactly("no-postgres");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a_b",
                "-a",
                "a-",
                "a..b",
                "a.",
                ".a",
                "a b",
                "ä",
                "a\n",
                "a;b",
                "12",
                "a.12",
                "10.0.0.1",
                "__x"
            })
    void refusesNamesThatAreNoHostNames(String name) {
        assertThat(Configs.codesWith(t -> t.node(name, "192.168.60.150", POSTGRES)))
                .containsExactly("node-name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1a", "pg-1.example.org", "PG1"})
    void takesHostNames(String name) {
        assertThat(Configs.codesWith(t -> t.node(name, "192.168.60.150", POSTGRES)))
                .isEmpty();
    }

    @Test
    void takesNamesOfSixtyThreeCharactersAndNoMore() {
        assertThat(Configs.codesWith(t -> t.node("a".repeat(63), "192.168.60.150", POSTGRES)))
                .isEmpty();
        assertThat(Configs.codesWith(t -> t.node("a".repeat(64), "192.168.60.150", POSTGRES)))
                .containsExactly("node-name");
    }

    @Test
    void refusesNamesThatDifferOnlyInCase() {
        List<Problem> problems = Configs.problems(config -> config.topology(
                Configs.nodes().node("Postgres-01", "192.168.60.150", POSTGRES).build()));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("config.node-name-duplicate");
            assertThat(problem.node()).contains("Postgres-01");
            assertThat(problem.message()).contains("192.168.60.103").contains("192.168.60.150");
        });
    }

    @Test
    void refusesNamesThatPatroniFoldsIntoOneSlot() {
        assertThat(Configs.codesWith(
                        t -> t.node("pg-a", "192.168.60.150", POSTGRES).node("PG.a", "192.168.60.151", POSTGRES)))
                .containsExactly("node-name-slot-clash");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1/24",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "fe80::1",
                "fe80::1%eth0",
                "ff02::1",
                "fd00:::1",
                "::ffff:10.0.0.1",
                ":",
                ".:",
                "g::1",
                "10.0.0.1 "
            })
    void refusesAddressesThatAreNotOneMachines(String address) {
        assertThat(Configs.codesWith(t -> t.node("x", address, POSTGRES))).containsExactly("node-address");
    }

    @Test
    void refusesTheSameAddressInAnySpelling() {
        assertThat(Configs.codesWith(t -> t.node("x", "192.168.60.103", POSTGRES)))
                .containsExactly("node-address-duplicate");
        assertThat(Configs.codesOf(t -> t.node("a", "fd00::1", ETCD, POSTGRES).node("b", "FD00:0::0001", POSTGRES)))
                .containsExactly("node-address-duplicate");
    }

    @Test
    void refusesNodesOfTwoFamilies() {
        assertThat(Configs.codesWith(t -> t.node("x", "fd00::1", POSTGRES))).containsExactly("address-family");
    }

    @Test
    void refusesNodesWithoutRole() {
        assertThat(Configs.codesWith(t -> t.node("x", "192.168.60.150"))).containsExactly("node-roles");
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.1.1,22,",
        "bastion.example.org,2222,",
        "fe80::1,22,",
        "bad_host,22,node-ssh-address",
        "a b,22,node-ssh-address",
        "h,0,port-range",
        "h,65536,port-range",
        "h,-1,port-range"
    })
    void checksHowSshReachesANode(String host, int port, String code) {
        List<String> codes = Configs.codesWith(t -> t.node(n -> n.name("x")
                .address("192.168.60.150")
                .role(POSTGRES)
                .sshAddress(host)
                .sshPort(port)));
        assertThat(codes).isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void takesTagsAsPatroniKnowsThem() {
        assertThat(Configs.codesWith(t -> t.node(n -> n.name("x")
                        .address("192.168.60.150")
                        .role(POSTGRES)
                        .tag("nofailover", false)
                        .tag("failover_priority", 2L)
                        .tag("replicatefrom", "postgres-01")
                        .tag("zone", "a 'quoted' zone")
                        .tag("weight", 1.5))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "nofailover,yes",
        "failover_priority,high",
        "replicatefrom,nobody",
        "replicatefrom,x",
        "replicatefrom,haproxy-01",
        "a b,c"
    })
    void refusesTagsThatPatroniWouldMisread(String name, String value) {
        assertThat(Configs.codesWith(t -> t.node(n ->
                        n.name("x").address("192.168.60.150").role(POSTGRES).tag(name, value))))
                .containsExactly("node-tag");
    }

    @ParameterizedTest
    @CsvSource({"nofailovr,nofailover", "no_failover,nofailover", "noSync,nosync", "replicate_from,replicatefrom"})
    void asksWhetherATagIsAnotherThatPatroniActsOn(String written, String meant) {
        assertThat(Configs.problems(c -> c.topology(Configs.nodes()
                        .node(n -> n.name("x")
                                .address("192.168.60.150")
                                .role(POSTGRES)
                                .tag(written, true))
                        .build())))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("did you mean " + meant + "?"));
    }

    @ParameterizedTest
    @CsvSource({"true,1,node-tag", "false,0,node-tag", "true,0,", "false,1,"})
    void refusesTagsThatContradictEachOther(boolean never, int priority, String code) {
        assertThat(Configs.codesWith(t -> t.node(n -> n.name("x")
                        .address("192.168.60.150")
                        .role(POSTGRES)
                        .tag("nofailover", never)
                        .tag("failover_priority", priority))))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    @Test
    void refusesAClusterInWhichNobodyMayLead() {
        assertThat(Configs.codesOf(t -> t.node(n -> n.name("pg1")
                                .address("10.0.0.1")
                                .role(ETCD)
                                .role(POSTGRES)
                                .tag("nofailover", true))
                        .node(n ->
                                n.name("pg2").address("10.0.0.2").role(POSTGRES).tag("failover_priority", 0))))
                .containsExactly("no-leader");
        assertThat(Configs.codesOf(t -> t.node("pg1", "10.0.0.1", ETCD, POSTGRES)
                        .node(n ->
                                n.name("pg2").address("10.0.0.2").role(POSTGRES).tag("nofailover", true))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Bastion,2201,node-ssh-duplicate", "bastion,2202,", "other,2201,"})
    void refusesTwoNodesThatAreReachedAtOnePlace(String host, int port, String code) {
        assertThat(Configs.codesWith(t -> t.node(reached("x", "192.168.60.150", "bastion", 2201))
                        .node(reached("y", "192.168.60.151", host, port))))
                .isEqualTo(code == null ? List.of() : List.of(code));
    }

    private static UnaryOperator<Node.Builder> reached(String name, String address, String host, int port) {
        return n ->
                n.name(name).address(address).role(POSTGRES).sshAddress(host).sshPort(port);
    }

    @Test
    void refusesReplicasThatFollowEachOtherInACircle() {
        assertThat(Configs.codesOf(t -> t.node("pg1", "10.0.0.1", ETCD, POSTGRES)
                        .node(following("pg2", "10.0.0.2", "pg3"))
                        .node(following("pg3", "10.0.0.3", "pg4"))
                        .node(following("pg4", "10.0.0.4", "pg2"))
                        .node(following("pg5", "10.0.0.5", "pg2"))))
                .containsExactly("node-tag", "node-tag", "node-tag");
        assertThat(Configs.codesOf(t -> t.node("pg1", "10.0.0.1", ETCD, POSTGRES)
                        .node(following("pg2", "10.0.0.2", "pg1"))
                        .node(following("pg3", "10.0.0.3", "pg2"))))
                .isEmpty();
    }

    private static UnaryOperator<Node.Builder> following(String name, String address, String parent) {
        return n -> n.name(name).address(address).role(POSTGRES).tag("replicatefrom", parent);
    }

    @Test
    void refusesTagsThatAreNotOneLineOrNoScalar() {
        for (Object value : List.of("a\nb", List.of(1), Double.NaN)) {
            assertThat(Configs.codesWith(t -> t.node(n ->
                            n.name("x").address("192.168.60.150").role(POSTGRES).tag("zone", value))))
                    .containsExactly("node-tag");
        }
    }

    @Test
    void refusesTagsWherePatroniDoesNotRun() {
        assertThat(Configs.codesWith(t -> t.node(
                        n -> n.name("x").address("192.168.60.150").role(HAPROXY).tag("zone", "a"))))
                .containsExactly("node-tag");
    }

    @Property(tries = 300)
    void hostileNamesNeverGetThrough(@ForAll String name) {
        boolean plain = name.matches("[A-Za-z0-9.-]{1,63}");
        List<String> codes = Configs.codesWith(t -> t.node(name, "192.168.60.150", POSTGRES));
        if (!plain) {
            assertThat(codes).containsExactly("node-name");
        }
    }

    @Property(tries = 100)
    void anyNumberOfNodesWithOrdinaryNamesIsValid(@ForAll("labels") String label) {
        assertThat(Configs.codesWith(t -> {
                    for (int i = 1; i <= 20; i++) {
                        t.node(label + i, "192.168.60." + (200 + i), POSTGRES);
                    }
                    return t;
                }))
                .isEmpty();
    }

    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .ofMinLength(1)
                .ofMaxLength(40)
                .map(s -> s + "-x");
    }
}
