package io.pgha.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private final Network network = new Network(Subnet.parse("192.168.60.1/24"));

    @Test
    void masqueradesAllButTheLabItselfAndMulticast() {
        assertThat(network.nftTable()).isEqualTo("""
                        table ip pghalab {
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
                        "ip link add pghalab address 02:70:c0:a8:3c:01 type bridge forward_delay 0",
                        "ip addr add 192.168.60.1/24 dev pghalab",
                        "ip link set pghalab up");
    }

    @Test
    void plugsInAHostWithAHardwareAddressThatItKeeps() {
        List<String> lines = network.hostCommands("postgres-01", 4, "192.168.60.103").stream()
                .map(command -> String.join(" ", command))
                .collect(Collectors.toList());
        assertThat(lines)
                .containsExactly(
                        "ip netns add pghalab-postgres-01",
                        "ip link add pghalab4 type veth peer name eth0 address 02:70:c0:a8:3c:67 netns pghalab-postgres-01",
                        "ip link set pghalab4 master pghalab up",
                        "ip -n pghalab-postgres-01 addr add 192.168.60.103/24 dev eth0",
                        "ip -n pghalab-postgres-01 link set lo up",
                        "ip -n pghalab-postgres-01 link set eth0 up",
                        "ip -n pghalab-postgres-01 route add default via 192.168.60.1");
    }

    @Test
    void knowsItsOwnNamesAndNoOthers() {
        assertThat(List.of("pghalab", "pghalab1", "pghalab12", "pghalab-x", Names.cgroup("a"), Names.BUILD_CGROUP))
                .allMatch(Names::isOurs);
        assertThat(List.of("eth0", "lo", "pgha", "pghalabx", "docker0", "xpghalab1"))
                .noneMatch(Names::isOurs);
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
