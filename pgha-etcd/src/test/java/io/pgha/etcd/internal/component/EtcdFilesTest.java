package io.pgha.etcd.internal.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgha.etcd.internal.member.Restoration;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.NodeRole;
import io.pgha.spi.PlanContext;
import io.pgha.testing.FixedPlanContext;
import io.pgha.testing.Golden;
import io.pgha.testing.LoginShell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdFilesTest {

    static Stream<Arguments> clusters() {
        return Stream.of(
                Arguments.of("one", Clusters.colocated(1)),
                Arguments.of("three", Clusters.colocated(3)),
                Arguments.of("five", Clusters.colocated(5)),
                Arguments.of("dedicated", Clusters.dedicated()),
                Arguments.of("ipv6", Clusters.colocated(3, "fd00:60::")),
                Arguments.of("authenticated", Clusters.authenticated()));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void rendersEveryFileAsAgreed(String name, ClusterConfig config) {
        Node node = config.etcdNodes().get(0);
        Golden.check(name + "/etcd.env", EtcdFiles.environment(config, node));
        Golden.check(name + "/pgha-etcd.sh", EtcdFiles.profile(config));
        Golden.check(name + "/join.sh", JoinScript.render(config, node));
        Golden.check("etcd.service.d/pgha.conf", EtcdFiles.dropIn());
    }

    @Test
    void whatTellsOfAuthenticationIsTheSameOnEveryNode() {
        PlanContext context = new FixedPlanContext(Clusters.authenticated(), "trixie");
        Golden.check(
                "authenticated/authentication.sh",
                Authentication.enabled(context).probe().script());
    }

    @Test
    void requestsEndTheirLinesAsHttpWants() {
        ClusterConfig config = Clusters.dedicated();
        assertThat(JoinScript.render(config, config.etcdNodes().get(0)))
                .contains("'GET /metrics HTTP/1.0\r\nHost: pgha\r\n", "\r\n\r\n'");
    }

    @Test
    void etcdctlFindsEverythingInTheEnvironment() throws IOException, InterruptedException {
        Process sh = new ProcessBuilder(
                        "sh", "-e", "-c", EtcdFiles.profile(Clusters.colocated(3)) + "env | grep ^ETCDCTL_ | sort")
                .start();

        assertThat(new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "ETCDCTL_API=3",
                        "ETCDCTL_CACERT=/etc/etcd/tls/ca.crt",
                        "ETCDCTL_CERT=/etc/etcd/tls/server.crt",
                        "ETCDCTL_ENDPOINTS=https://192.168.60.101:2379,https://192.168.60.102:2379,"
                                + "https://192.168.60.103:2379",
                        "ETCDCTL_KEY=/etc/etcd/tls/server.key");
    }

    /** The words are those with which the templates once marked their places. */
    @ParameterizedTest
    @ValueSource(strings = {"PEERING", "DATA", "TOKEN", "MEMBERS-NAME", "FIRST_START", "TRUSTCERTIFICATE"})
    void aClustersNameIsNeverReadAsATemplate(String name) {
        ClusterConfig config = ClusterConfig.builder()
                .from(Clusters.colocated(1))
                .name(name)
                .topology(t -> t.node(
                        n -> n.name("db-NAME").address("192.168.60.101").roles(NodeRole.ETCD, NodeRole.POSTGRES)))
                .build();
        Node node = config.etcdNodes().get(0);
        String peer = "https://192.168.60.101:2380";

        assertThat(Restoration.layOut(config, node))
                .contains("--data-dir /var/lib/etcd/" + name + ".restored ")
                .contains("--name db-NAME --initial-cluster 'db-NAME=" + peer + "' --initial-cluster-token " + name
                        + " --initial-advertise-peer-urls " + peer + "\n");
        assertThat(Restoration.swap(config))
                .contains("mv /var/lib/etcd/" + name + ".restored /var/lib/etcd/" + name + "\n")
                .contains("rm -f /etc/etcd/first-start.env\n");
        assertThat(JoinScript.render(config, node))
                .contains("name=db-NAME url=" + peer + " wal=/var/lib/etcd/" + name + "/member/wal");
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void noShellComplainsAtALogin(String name, ClusterConfig config) throws Exception {
        for (LoginShell shell : LoginShell.values()) {
            assertThat(shell.answers(EtcdFiles.profile(config), "echo \"$ETCDCTL_API\""))
                    .as(name)
                    .isEqualTo("3");
        }
    }

    @Test
    void addingAMemberChangesNothingThatARunningMemberRestartsFor() {
        Node first = Clusters.colocated(3).etcdNodes().get(0);

        assertThat(EtcdFiles.environment(Clusters.colocated(5), first))
                .isEqualTo(EtcdFiles.environment(Clusters.colocated(3), first));
    }

    @ParameterizedTest
    @MethodSource("clusters")
    void scriptsAreGoodShell(String name, ClusterConfig config) throws IOException, InterruptedException {
        Node node = config.etcdNodes().get(0);
        assertThat(syntax(JoinScript.render(config, node))).isZero();
        assertThat(syntax(EtcdComponent.ready(config, node).probe().script())).isZero();
        PlanContext context = new FixedPlanContext(config, "trixie");
        assertThat(syntax(Authentication.enabled(context).probe().script())).isZero();
        assertThat(syntax(Authentication.disabled(context).probe().script())).isZero();
        assertThat(syntax(EtcdFiles.profile(config))).isZero();
        assertThat(syntax(MemberState.probe(config).script())).isZero();
        assertThat(syntax("if then")).as("the checker sees errors").isNotZero();
    }

    @Property
    void everyValueComesBackFromTheEnvironmentFile(@ForAll @NotEmpty @CharRange(from = ' ', to = '~') String value) {
        assertThat(parse(new EnvironmentFile().set("KEY", value).render())).containsExactly(Map.entry("KEY", value));
    }

    @Test
    void aLineBreakCannotAddAVariable() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new EnvironmentFile().set("KEY", "x\nETCD_NAME=y").render());
    }

    /** Reads as systemd does, for what can occur: one line a variable, plain or in double quotes with backslashes. */
    private static Map<String, String> parse(String text) {
        Map<String, String> values = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String value = line.substring(line.indexOf('=') + 1);
            values.put(
                    line.substring(0, line.indexOf('=')),
                    value.startsWith("\"")
                            ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                            : value);
        });
        return values;
    }

    private static int syntax(String script) throws IOException, InterruptedException {
        Process sh = new ProcessBuilder("sh", "-n", "-c", script)
                .redirectErrorStream(true)
                .start();
        sh.getInputStream().readAllBytes();
        return sh.waitFor();
    }
}
