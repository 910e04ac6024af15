package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VipRulesTest {
    @Test
    void idIsTheLastByteUnlessGiven() {
        assertThat(Vip.of("192.168.60.110/24").virtualRouterId()).isEqualTo(110);
        assertThat(Vip.of("fd00::1fe/64").virtualRouterId()).isEqualTo(0xfe);
        assertThat(Vip.builder()
                        .cidr("192.168.60.110/24")
                        .virtualRouterId(51)
                        .build()
                        .virtualRouterId())
                .isEqualTo(51);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.9/8", "0.0.0.9/24"})
    void refusesAddressesThatEveryMachineHasForItself(String cidr) {
        assertThat(Configs.codesOf(t -> Configs.nodes().vip(v -> v.cidr(cidr).networkInterface("lo"))))
                .containsExactly("vip-address");
    }

    @Test
    void cidrIsAddressAndPrefix() {
        assertThat(Vip.of("192.168.60.110/24").cidr()).isEqualTo("192.168.60.110/24");
        assertThat(Vip.of("192.168.60.110/24")).hasToString("VIP 192.168.60.110/24 (virtual router id 110)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.60.110", "192.168.60.110/", "192.168.60.110/x", "192.168.60.110/1000"})
    void refusesTextWithoutPrefixAtOnce(String text) {
        assertThatThrownBy(() -> Vip.of(text))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("192.168.60.110/24");
    }

    @ParameterizedTest
    @CsvSource({
        "host/24, vip-address",
        "10.0.0.300/24, vip-address",
        "0.0.0.0/24, vip-address",
        "224.0.0.18/24, vip-address",
        "192.168.60.0/24, vip-address",
        "192.168.60.255/24, vip-address",
        "192.168.60.110/0, vip-prefix",
        "192.168.60.110/33, vip-prefix",
        "192.168.60.103/24, vip-is-node",
    })
    void refusesAddressesThatCannotMove(String cidr, String code) {
        List<String> codes = Configs.codes(
                config -> config.topology(Configs.nodes().vip(cidr).build()));
        assertThat(codes).contains(code).isSubsetOf(code, "vip-router-id");
    }

    @Test
    void refusesToReachAMachineAtAnAddressThatMoves() {
        assertThat(Configs.problems(config -> config.topology(Configs.nodes()
                        .vip("192.168.60.110/24")
                        .node(n -> n.name("postgres-04")
                                .address("192.168.60.106")
                                .role(NodeRole.POSTGRES)
                                .sshAddress("192.168.60.110"))
                        .build())))
                .extracting(problem -> problem.code() + " " + problem.node().orElseThrow())
                .containsExactly("config.vip-is-node postgres-04");
    }

    @Test
    void wantsEveryHaproxyNodeInTheSubnet() {
        assertThat(Configs.problems(config ->
                        config.topology(Configs.nodes().vip("192.168.61.110/24").build())))
                .extracting(problem -> problem.code() + " " + problem.node().orElseThrow())
                .containsExactly("config.vip-subnet haproxy-01", "config.vip-subnet haproxy-02");
        assertThat(Configs.codes(config ->
                        config.topology(Configs.nodes().vip("192.168.61.110/16").build())))
                .isEmpty();
        assertThat(Configs.codes(config ->
                        config.topology(Configs.nodes().vip("fd00::110/64").build())))
                .containsExactly("vip-subnet", "vip-subnet");
    }

    @Test
    void anAddressOutsideEverySubnetNeedsItsInterfaceNamed() {
        assertThat(Configs.problems(config ->
                        config.topology(Configs.nodes().vip("10.0.0.10/32").build())))
                .hasSize(2)
                .allSatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo("config.vip-subnet");
                    assertThat(problem.remedy())
                            .contains(
                                    "vip(v -> v.cidr(\"10.0.0.10/32\").networkInterface(\"eth0\"))",
                                    "{address: 10.0.0.10, prefix_length: 32, network_interface: eth0}");
                });
        for (String cidr : List.of("10.0.0.10/32", "203.0.113.10/24", "192.168.60.110/32", "192.168.60.110/24")) {
            assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                            .vip(v -> v.cidr(cidr).networkInterface("eth1"))
                            .build())))
                    .isEmpty();
        }
    }

    @Test
    void anInterfaceDoesNotMakeAnImpossibleAddressPossible() {
        assertThat(Configs.problems(config -> config.topology(Configs.nodes()
                        .vip(v -> v.cidr("fd00::110/64").networkInterface("eth1"))
                        .build())))
                .hasSize(2)
                .allSatisfy(problem -> {
                    assertThat(problem.code()).isEqualTo("config.vip-subnet");
                    assertThat(problem.remedy()).contains("of the family that the nodes' addresses have");
                });
        for (String cidr : List.of("10.0.0.0/24", "10.0.0.255/24")) {
            assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                            .vip(v -> v.cidr(cidr).virtualRouterId(7).networkInterface("eth1"))
                            .build())))
                    .containsExactly("vip-address");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "eth0.100@eth0", "eth 0", "eth0;reboot", "eth0/1", "sixteen-letters-", "é"})
    void refusesWhatCannotBeAnInterface(String name) {
        assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                        .vip(v -> v.cidr("10.0.0.10/32").networkInterface(name))
                        .build())))
                .containsExactly("vip-interface");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lo", "eth0.100", "enp0s31f6", "br-lan", "bond0_1"})
    void takesWhatTheKernelCallsAnInterface(String name) {
        Vip vip = Vip.builder().cidr("10.0.0.10/32").networkInterface(name).build();
        assertThat(Configs.codes(
                        config -> config.topology(Configs.nodes().vip(vip).build())))
                .isEmpty();
        assertThat(vip).hasToString("VIP 10.0.0.10/32 on " + name + " (virtual router id 10)");
    }

    @Test
    void wantsAnHaproxyNode() {
        assertThat(Configs.codesOf(t -> t.node("pg", "10.0.0.1", ETCD, POSTGRES).vip("10.0.0.9/24")))
                .containsExactly("vip-without-haproxy");
    }

    @Test
    void takesSeveralVipsWithDifferentIds() {
        assertThat(Configs.codesOf(t -> t.node("pg", "10.0.0.1", ETCD, POSTGRES)
                        .node("lb", "10.0.0.2", HAPROXY)
                        .vip("10.0.0.9/24")
                        .vip(v -> v.cidr("10.0.1.9/16").virtualRouterId(10))))
                .isEmpty();
    }

    @Test
    void refusesTheSameVipOrIdTwice() {
        assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                        .vip("192.168.60.110/24")
                        .vip(v -> v.cidr("192.168.60.110/24").virtualRouterId(7))
                        .build())))
                .containsExactly("vip-duplicate");
        assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                        .vip("192.168.60.110/24")
                        .vip(v -> v.cidr("192.168.60.111/24").virtualRouterId(110))
                        .build())))
                .containsExactly("vip-router-id-duplicate");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 256})
    void refusesIdsThatVrrpCannotCarry(int id) {
        assertThat(Configs.codes(config -> config.topology(Configs.nodes()
                        .vip(v -> v.cidr("192.168.60.110/24").virtualRouterId(id))
                        .build())))
                .containsExactly("vip-router-id");
    }
}
