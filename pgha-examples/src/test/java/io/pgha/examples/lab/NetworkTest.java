package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private final Network network = new Network(Names.of(0), Subnet.parse("192.168.60.1/24"));

    @Test
    void masqueradesAllButTheLabItselfAndMulticast() {
        assertThat(network.nftTable()).isEqualTo("""
                        table ip pghalab0 {
                        \tchain postrouting {
                        \t\ttype nat hook postrouting priority srcnat
                        \t\tpolicy accept
                        \t\tip saddr 192.168.60.0/24 ip daddr != { 192.168.60.0/24, 224.0.0.0/4 } masquerade
                        \t}
                        }
                        """);
    }

    @Test
    void givesTheMachineAHardwareAddressThatNoHostsPowerCutChanges() {
        assertThat(network.bridgeCommands().stream().map(command -> String.join(" ", command)))
                .containsExactly(
                        "ip link add pghalab0-bridge address 02:70:c0:a8:3c:01 type bridge forward_delay 0",
                        "ip addr add 192.168.60.1/24 dev pghalab0-bridge",
                        "ip link set pghalab0-bridge up");
    }

    @Test
    void plugsInAHostWithAHardwareAddressThatItKeeps() {
        List<String> lines = network.hostCommands("postgres-01", 4, "192.168.60.103").stream()
                .map(command -> String.join(" ", command))
                .collect(Collectors.toList());
        assertThat(lines)
                .containsExactly(
                        "ip netns add pghalab0-postgres-01",
                        "ip link add pghalab0-4 type veth peer name eth0 address 02:70:c0:a8:3c:67 netns pghalab0-postgres-01",
                        "ip link set pghalab0-4 master pghalab0-bridge up",
                        "ip -n pghalab0-postgres-01 addr add 192.168.60.103/24 dev eth0",
                        "ip -n pghalab0-postgres-01 link set lo up",
                        "ip -n pghalab0-postgres-01 link set eth0 up",
                        "ip -n pghalab0-postgres-01 route add default via 192.168.60.1");
    }

    @Test
    void knowsItsOwnNamesAndNoOthers() {
        Names names = Names.of(1);
        assertThat(List.of(
                        names.bridge(),
                        names.link(1),
                        names.namespace("a"),
                        names.machine("a"),
                        names.cgroup("a"),
                        names.buildCgroup()))
                .allMatch(names::isOurs);
        assertThat(List.of("eth0", "lo", "pgha", "pghalab", "pghalab1", "pghalab12-1", "docker0", "xpghalab1-1"))
                .noneMatch(names::isOurs);
        assertThat(names.bridge()).matches(Names::isBridge);
        assertThat(List.of(names.link(1), "pghalab-bridge", "pghalab1-bridge2", "br0"))
                .noneMatch(Names::isBridge);
    }

    @Test
    void namesNothingOfOneLabLikeThatOfAnother() {
        List<String> all = IntStream.rangeClosed(0, 9)
                .mapToObj(Names::of)
                .flatMap(names -> Stream.of(
                        names.prefix(),
                        names.bridge(),
                        names.link(1),
                        names.namespace("1"),
                        names.cgroup("1"),
                        names.buildCgroup(),
                        names.lock().toString(),
                        names.holder().toString(),
                        LabPaths.defaultState(names).toString()))
                .distinct()
                .collect(Collectors.toList());
        // A host called 1 has a namespace that is called like a link, and they do not meet.
        assertThat(all).hasSize(10 * 8);
        for (int number = 0; number <= 9; number++) {
            Names names = Names.of(number);
            String others = "pghalab[^" + number + "].*";
            assertThat(all.stream().filter(name -> name.matches(others))).noneMatch(names::isOurs);
        }
    }

    @Test
    void namesLinksAsShortAsTheKernelWantsThem() {
        Names names = Names.of(9);
        assertThat(List.of(names.bridge(), names.link(9999))).allMatch(link -> link.length() <= 15);
        String longest = "x".repeat(55);
        assertThat(LabConfig.builder()
                        .number(9)
                        .host(longest, "192.168.69.5")
                        .build()
                        .hosts())
                .hasSize(1);
        assertThat(names.machine(longest)).hasSize(64);
    }

    @Test
    void seesAMachineThatForwardsNothing() {
        assertThat(Forwarding.dropsByDefault("-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n"))
                .isTrue();
        assertThat(Forwarding.dropsByDefault("-P FORWARD ACCEPT\n-A FORWARD -i x -j DROP\n"))
                .isFalse();
        assertThat(Forwarding.dropsByDefault("")).isFalse();
    }

    @Test
    void calculatesRanges() {
        Subnet subnet = Subnet.parse("10.1.2.129/25");
        assertThat(subnet.range()).isEqualTo("10.1.2.128/25");
        assertThat(subnet.address(2)).isEqualTo("10.1.2.130");
        assertThat(subnet.fits("10.1.2.130")).isTrue();
        assertThat(List.of("10.1.2.128", "10.1.2.129", "10.1.2.255", "10.1.2.5"))
                .noneMatch(subnet::fits);
        assertThat(Subnet.parse("200.1.2.3/8").fits("200.255.0.1")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "192.168.60.1", "192.168.60.1/31", "192.168.60.1/7", "192.168.60.256/24", "a/24", "1.2.3/24"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Subnet.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
