package io.pgha.model;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.model.internal.text.Texts;
import io.pgha.model.os.TimeSync;
import io.pgha.model.patroni.FailsafeMode;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.model.pki.KeyAlgorithm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ConfigCodecPropertyTest {
    private final ConfigCodec codec = ConfigCodec.yaml();

    @Property(tries = 300)
    void anyValueReadsBackAsItWas(@ForAll("parameters") Map<String, Object> parameters, @ForAll("texts") String text) {
        roundTrip(Configs.lab()
                .topology(Configs.nodes()
                        .node(n -> n.name("x")
                                .address("192.168.60.150")
                                .role(POSTGRES)
                                .tags(Map.of("zone", text)))
                        .build())
                .postgres(
                        pg -> pg.parameters(parameters).pgHba("hostssl \"" + text.replace('"', ' ') + "\" all all md5"))
                .os(os -> os.sysctl("kernel.x", "x" + text)));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void anySettingReadsBackAsItWas(
            @ForAll @IntRange(min = 1000, max = 65000) int port,
            @ForAll @IntRange(min = 20, max = 3000) int seconds,
            @ForAll @IntRange(min = 5, max = 100) int heartbeats,
            @ForAll SynchronousMode synchronous,
            @ForAll FailsafeMode failsafe,
            @ForAll EtcdAuthentication authentication,
            @ForAll KeyAlgorithm algorithm,
            @ForAll TimeSync timeSync) {
        roundTrip(Configs.lab()
                .topology(t -> t.node("pg", "fd00::1", ETCD, POSTGRES)
                        .node(n -> n.name("lb").address("fd00::2").role(HAPROXY).sshPort(port))
                        .vip(v -> v.cidr("fd00::1:" + port % 9999 + "/64").virtualRouterId(port % 255 + 1))
                        .vip(v -> v.cidr("fd00:1::" + port % 9999 + "/128")
                                .virtualRouterId((port + 1) % 255 + 1)
                                .networkInterface("eth" + port)))
                .etcd(e -> e.clientPort(port + 1)
                        .peerPort(port + 2)
                        .heartbeatInterval(Duration.ofMillis(port % 490 + 10))
                        .electionTimeout(Duration.ofMillis((port % 490L + 10) * heartbeats))
                        .quotaBackendBytes(port * 100_000L)
                        .autoCompactionRetention(Duration.ofSeconds(seconds))
                        .authentication(authentication))
                .postgres(p -> p.port(port + 3).version(12 + port % 7).dataDirectory("/srv/" + port))
                .patroni(p -> p.restPort(port + 4)
                        .ttl(Duration.ofSeconds(seconds))
                        .retryTimeout(Duration.ofSeconds(Math.max(3, seconds / 3)))
                        .loopWait(Duration.ofSeconds(1))
                        .maximumLagOnFailover(port)
                        .synchronousMode(synchronous)
                        .failsafeMode(failsafe))
                .haproxy(h -> h.readWritePort(port + 5)
                        .readOnlyPort(port + 6)
                        .syncPort(port + 7)
                        .asyncPort(port + 8)
                        .statsPort(port + 9)
                        .checkInterval(Duration.ofMillis(99 + seconds))
                        .fastCheckInterval(Duration.ofMillis(99 + seconds))
                        .fall(port % 100 + 1)
                        .rise(seconds % 100 + 1)
                        .idleTimeout(Duration.ofSeconds(seconds)))
                .keepalived(
                        k -> k.advertInterval(Duration.ofSeconds(port % 40 + 1)).fall(port % 100 + 1))
                .pki(p -> p.keyAlgorithm(algorithm).renewBefore(Duration.ofSeconds(seconds)))
                .os(o -> o.timeSync(timeSync)));
    }

    @Property(tries = 300)
    void anyTextIsReadOrRefused(@ForAll String text) {
        List<String> codes = codes(text);
        assertThat(codes).isNotEmpty();
    }

    @Property(tries = 300)
    void anyDamageIsReadOrRefused(@ForAll @IntRange(min = 0, max = 300) int at, @ForAll char damage) {
        String yaml = codec.write(Configs.lab().build());
        int index = Math.min(at, yaml.length() - 1);
        // Nothing but an InvalidConfigException may come out of it.
        codes(yaml.substring(0, index) + damage + yaml.substring(index + 1));
    }

    private void roundTrip(ClusterConfig.Builder builder) {
        ClusterConfig config = builder.build();
        String yaml = codec.write(config);
        assertThat(codec.read(yaml)).as(yaml).isEqualTo(config);
        assertThat(codec.write(codec.read(yaml))).isEqualTo(yaml);
    }

    private List<String> codes(String yaml) {
        try {
            codec.read(yaml);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems().stream().map(problem -> problem.code()).toList();
        }
    }

    @Provide
    Arbitrary<Map<String, Object>> parameters() {
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('_')
                .ofMinLength(1)
                .ofMaxLength(20)
                .map(name -> "x." + name);
        Arbitrary<Object> values = Arbitraries.oneOf(
                texts().map(text -> (Object) text),
                Arbitraries.integers().map(number -> (Object) number),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.bigIntegers().map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.floats().map(number -> (Object) number),
                Arbitraries.bigDecimals().map(number -> (Object) number),
                Arbitraries.of(true, false));
        return Arbitraries.maps(names, values).ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> tricky = Arbitraries.of(
                "",
                " ",
                "no",
                "on",
                "Yes",
                "true",
                "null",
                "~",
                "1e3",
                "0x1F",
                "0600",
                "1_000",
                "12:30",
                "2024-01-01",
                "-",
                "- a",
                "#",
                "a #b",
                "a: b",
                ":",
                "'",
                "\"",
                "\\",
                "\\n",
                "{}",
                "[]",
                "&a",
                "*a",
                "!a",
                "|",
                ">",
                "%",
                "@",
                "`",
                "?",
                "=",
                "<<",
                "...",
                "---",
                ".5",
                ".inf",
                ".nan",
                "+1",
                "1.",
                "a ",
                " a",
                "é",
                "漢字",
                "😀",
                "\u00a0",
                "\ufffd",
                "\u0300",
                "${x}",
                "{{ x }}",
                "%(x)s");
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(120);
        return Combinators.combine(Arbitraries.oneOf(tricky, any), Arbitraries.oneOf(tricky, any, Arbitraries.just("")))
                .as((a, b) -> a + b)
                .filter(Texts::oneLine);
    }
}
