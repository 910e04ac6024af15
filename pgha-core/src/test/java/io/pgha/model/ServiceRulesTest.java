package io.pgha.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.Problem;
import io.pgha.model.etcd.EtcdAuthentication;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRulesTest {
    private static final Duration TOO_LONG = Duration.ofSeconds(Long.MAX_VALUE, 1);

    static Stream<UnaryOperator<ClusterConfig.Builder>> durationsOutOfRange() {
        return Stream.of(Duration.ZERO, Duration.ofSeconds(-1), TOO_LONG)
                .flatMap(d -> Stream.of(
                        c -> c.etcd(e -> e.heartbeatInterval(d)),
                        c -> c.etcd(e -> e.electionTimeout(d)),
                        c -> c.etcd(e -> e.autoCompactionRetention(d)),
                        c -> c.patroni(p -> p.ttl(d)),
                        c -> c.patroni(p -> p.loopWait(d)),
                        c -> c.patroni(p -> p.retryTimeout(d)),
                        c -> c.haproxy(h -> h.checkInterval(d)),
                        c -> c.haproxy(h -> h.fastCheckInterval(d)),
                        c -> c.haproxy(h -> h.connectTimeout(d)),
                        c -> c.haproxy(h -> h.checkTimeout(d)),
                        c -> c.haproxy(h -> h.idleTimeout(d)),
                        c -> c.keepalived(k -> k.advertInterval(d)),
                        c -> c.keepalived(k -> k.checkInterval(d)),
                        c -> c.pki(p -> p.authorityValidity(d)),
                        c -> c.pki(p -> p.leafValidity(d)),
                        c -> c.pki(p -> p.renewBefore(d))));
    }

    @ParameterizedTest
    @MethodSource("durationsOutOfRange")
    void refusesDurationsThatCannotBe(UnaryOperator<ClusterConfig.Builder> change) {
        assertThat(Configs.codes(change)).containsExactly("duration-range");
    }

    @Test
    void refusesTimesInWhichNothingComesThroughAProxy() {
        assertThat(Configs.codes(proxy(Duration.ofMillis(99), Duration.ofMillis(999))))
                .hasSize(5)
                .containsOnly("duration-range");
        assertThat(Configs.codes(proxy(Duration.ofMillis(100), Duration.ofSeconds(1))))
                .isEmpty();
    }

    private static UnaryOperator<ClusterConfig.Builder> proxy(Duration time, Duration idle) {
        return c -> c.haproxy(h -> h.checkInterval(time)
                .fastCheckInterval(time)
                .connectTimeout(time)
                .checkTimeout(time)
                .idleTimeout(idle));
    }

    static Stream<UnaryOperator<ClusterConfig.Builder>> durationsTooFine() {
        Duration millis = Duration.ofMillis(30_500);
        Duration micros = Duration.ofNanos(3_000_001_000L);
        return Stream.of(
                c -> c.etcd(e -> e.electionTimeout(micros)),
                c -> c.etcd(e -> e.heartbeatInterval(Duration.ofNanos(100_000_001))),
                c -> c.etcd(e -> e.autoCompactionRetention(millis)),
                c -> c.patroni(p -> p.ttl(millis)),
                c -> c.patroni(p -> p.loopWait(Duration.ofMillis(1500))),
                c -> c.patroni(p -> p.retryTimeout(Duration.ofMillis(3500))),
                c -> c.haproxy(h -> h.idleTimeout(micros)),
                c -> c.keepalived(k -> k.advertInterval(Duration.ofMillis(1500))),
                c -> c.keepalived(k -> k.checkInterval(Duration.ofMillis(1500))),
                c -> c.pki(p -> p.renewBefore(millis)));
    }

    @ParameterizedTest
    @MethodSource("durationsTooFine")
    void refusesDurationsThatTheFilesCannotSay(UnaryOperator<ClusterConfig.Builder> change) {
        assertThat(Configs.codes(change)).containsExactly("duration-unit");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments(c -> c.name("root").etcd(e -> e.authentication(EtcdAuthentication.ENABLED)), "etcd-user"),
                arguments(c -> c.etcd(e -> e.electionTimeout(Duration.ofMillis(1249))), "etcd-election-timeout"),
                arguments(c -> c.etcd(e -> e.quotaBackendBytes(1L << 20)), "etcd-quota"),
                arguments(c -> c.patroni(p -> p.ttl(Duration.ofSeconds(29))), "patroni-ttl"),
                arguments(c -> c.patroni(p -> p.loopWait(Duration.ofSeconds(11))), "patroni-ttl"),
                arguments(c -> c.patroni(p -> p.retryTimeout(Duration.ofSeconds(11))), "patroni-ttl"),
                arguments(c -> c.patroni(p -> p.ttl(Duration.ofSeconds(19))), "duration-range"),
                arguments(c -> c.patroni(p -> p.retryTimeout(Duration.ofSeconds(2))), "duration-range"),
                arguments(c -> c.patroni(p -> p.maximumLagOnFailover(-1)), "patroni-maximum-lag"),
                arguments(c -> c.patroni(p -> p.restUsername("a:b")), "user-name"),
                arguments(c -> c.haproxy(h -> h.statsUser("a b")), "user-name"),
                arguments(c -> c.haproxy(h -> h.maxConnections(0)), "haproxy-max-connections"),
                arguments(c -> c.haproxy(h -> h.maxConnections(500_001)), "haproxy-max-connections"),
                arguments(c -> c.haproxy(h -> h.fastCheckInterval(Duration.ofSeconds(2))), "haproxy-check-interval"),
                arguments(c -> c.haproxy(h -> h.fall(0)), "check-count"),
                arguments(c -> c.haproxy(h -> h.rise(101)), "check-count"),
                arguments(c -> c.keepalived(k -> k.fall(-1)), "check-count"),
                arguments(c -> c.keepalived(k -> k.rise(0)), "check-count"),
                arguments(c -> c.keepalived(k -> k.advertInterval(Duration.ofSeconds(41))), "duration-range"),
                arguments(c -> c.pki(p -> p.leafValidity(Duration.ofDays(3651))), "pki-leaf-validity"),
                arguments(c -> c.pki(p -> p.renewBefore(Duration.ofDays(365))), "pki-renew-before"),
                arguments(c -> c.os(o -> o.sysctl("swappiness", "1")), "sysctl-name"),
                arguments(c -> c.os(o -> o.sysctl("vm.a b", "1")), "sysctl-name"),
                arguments(c -> c.os(o -> o.sysctl("../etc/passwd", "1")), "sysctl-name"),
                arguments(c -> c.os(o -> o.sysctl("vm.swappiness", "1\nx=2")), "sysctl-value"),
                arguments(c -> c.os(o -> o.sysctl("vm.swappiness", " ")), "sysctl-value"),
                arguments(c -> c.os(o -> o.sysctl("net.ipv4.tcp_rmem", "4096\t\n1")), "sysctl-value"),
                arguments(c -> c.os(o -> o.sysctl("net.ipv4.tcp_rmem", "\t")), "sysctl-value"),
                arguments(
                        c -> c.os(o -> o.sysctl("vm.swappiness", "1").sysctl("vm/swappiness", "2")),
                        "sysctl-duplicate"),
                arguments(
                        c -> c.os(o -> o.sysctl("net/ipv4/conf/eth0.100/rp_filter", "1")
                                .sysctl("net.ipv4.conf.eth0/100.rp_filter", "1")),
                        "sysctl-duplicate"),
                arguments(c -> c.os(o -> o.packages("a b")), "package-name"),
                arguments(c -> c.os(o -> o.packages("-y")), "package-name"),
                arguments(c -> c.os(o -> o.packages("openssh-server-")), "package-name"),
                arguments(c -> c.os(o -> o.packages("jq--")), "package-name"),
                arguments(c -> c.os(o -> o.packages("Jq")), "package-name"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatTheDaemonsWouldNotTake(UnaryOperator<ClusterConfig.Builder> change, String code) {
        assertThat(Configs.codes(change)).containsExactly(code);
    }

    static Stream<UnaryOperator<ClusterConfig.Builder>> right() {
        return Stream.of(
                c -> c.etcd(e -> e.electionTimeout(Duration.ofMillis(1250))),
                c -> c.etcd(e -> e.quotaBackendBytes(16L << 20)),
                c -> c.patroni(p -> p.ttl(Duration.ofSeconds(20))
                        .loopWait(Duration.ofSeconds(1))
                        .retryTimeout(Duration.ofSeconds(3))),
                c -> c.patroni(p -> p.maximumLagOnFailover(0)),
                c -> c.patroni(p -> p.namespace("/postgresql/common")),
                c -> c.haproxy(h -> h.fall(1).rise(1).maxConnections(1)),
                c -> c.haproxy(h -> h.maxConnections(500_000)),
                c -> c.haproxy(h -> h.fastCheckInterval(Duration.ofSeconds(1))),
                c -> c.keepalived(k -> k.fall(1).rise(100)),
                c -> c.os(o -> o.sysctl("net.ipv4.tcp_rmem", "4096\t87380\t6291456")
                        .sysctl("net/ipv4/conf/eth0.100/rp_filter", "1")
                        .sysctl("net.ipv4.conf.eth0.100.rp_filter", "1")),
                c -> c.pki(p -> p.leafValidity(Duration.ofSeconds(5))
                        .renewBefore(Duration.ofSeconds(4))
                        .authorityValidity(Duration.ofSeconds(5))),
                c -> c.os(o ->
                        o.sysctl("net.ipv4.ip_local_port_range", "1024 65000").packages("g++", "libc6")));
    }

    @ParameterizedTest
    @MethodSource("right")
    void takesTheLimits(UnaryOperator<ClusterConfig.Builder> change) {
        assertThat(Configs.codes(change)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "service", "/service/", "//service", "/a b", "/../x", "/ä", "/a\n"})
    void refusesNamespacesThatAreNoPath(String namespace) {
        assertThat(Configs.codes(c -> c.patroni(p -> p.namespace(namespace)))).containsExactly("patroni-namespace");
    }

    @Test
    void saysByHowMuchTheTtlIsTooShort() {
        List<Problem> problems = Configs.problems(c -> c.patroni(p -> p.ttl(Duration.ofSeconds(29))));
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("30s").contains("29s");
            assertThat(problem.remedy()).contains("at least 30s");
        });
    }

    private static Arguments arguments(UnaryOperator<ClusterConfig.Builder> change, String code) {
        return Arguments.of(change, code);
    }
}
