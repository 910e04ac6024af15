package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.host.HostFacts.InterfaceAddress;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.plan.Phase;
import io.pgha.resource.AwaitResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServiceResource;
import io.pgha.secret.Secret;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FixedContext;
import io.pgha.testing.Golden;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import org.junit.jupiter.api.Test;

class KeepalivedComponentTest {
    private final KeepalivedComponent component = new KeepalivedComponent();

    private String rendered(ClusterConfig.Builder config, String node) {
        return Proxies.file(component, Proxies.context(config), node, KeepalivedFile.PATH)
                .content();
    }

    @Test
    void declaresEachProxyAndTheProof() {
        FixedContext context = Proxies.context(Proxies.six());
        assertThat(component.stages(context)).extracting(StageSpec::phase).containsExactly(Phase.PROXY, Phase.VERIFY);
        assertThat(Proxies.lane(component, context, 0, "haproxy-01"))
                .extracting(Resource::id)
                .containsExactly(
                        "file:/etc/keepalived/check-haproxy",
                        "file:/etc/keepalived/keepalived.conf",
                        "file:/etc/systemd/system/keepalived.service.d/pgha.conf",
                        "service:keepalived");
        assertThat(Proxies.lane(component, context, 1, "haproxy-03"))
                .extracting(Resource::id)
                .containsExactly("await:vip:192.168.60.110", "await:vip:192.168.60.111");
        assertThat(component.packages(context, context.config().node("haproxy-01")))
                .containsExactly("keepalived");
        assertThat(component.packages(context, context.config().node("postgres-01")))
                .isEmpty();
    }

    @Test
    void withoutVirtualIpsThereIsNoKeepalived() {
        FixedContext context = Proxies.context(
                ClusterConfig.builder().name("none").topology(t -> t.node("lb1", "192.168.60.100", NodeRole.values())));
        assertThat(component.stages(context)).isEmpty();
        assertThat(component.packages(context, context.config().node("lb1"))).isEmpty();
        assertThat(component.preflight(context)).isEmpty();
    }

    @Test
    void rendersTheConfiguration() {
        Golden.check("proxy/keepalived.haproxy-01.conf", rendered(Proxies.six(), "haproxy-01"));
        Golden.check("proxy/keepalived.haproxy-02.conf", rendered(Proxies.six(), "haproxy-02"));
        Golden.check("proxy/keepalived.v6.conf", rendered(Proxies.v6(), "lb1"));
        Golden.check("proxy/keepalived.named.conf", rendered(Proxies.named(), "lb1"));
        Golden.check(
                "proxy/keepalived.alone.conf",
                rendered(
                        ClusterConfig.builder()
                                .name("alone")
                                .topology(t -> t.node("lb1", "192.168.60.100", NodeRole.values())
                                        .vip("192.168.60.110/24")),
                        "lb1"));
        FixedContext context = Proxies.context(Proxies.six());
        Golden.check(
                "proxy/check-haproxy",
                Proxies.file(component, context, "haproxy-01", KeepalivedFile.CHECK)
                        .content());
    }

    @Test
    void keepsThePasswordToItself() {
        FileResource file = Proxies.file(component, Proxies.context(Proxies.six()), "haproxy-01", KeepalivedFile.PATH);
        assertThat(file.content()).contains("auth_pass vrrpPass\n");
        assertThat(file.mode()).isEqualTo("600");
        assertThat(file.visibility()).isEqualTo(FileResource.Visibility.MASKED);
        assertThat(file.toString()).doesNotContain("vrrpPass");
        assertThat(file.notifies()).containsExactly(ServiceResource.reload("keepalived"));
    }

    @Test
    void aKeepalivedThatDiedComesBackAndNothingMovesForTheSettingsSake() {
        FileResource file =
                Proxies.file(component, Proxies.context(Proxies.six()), "haproxy-01", KeepalivedFile.DROP_IN);
        assertThat(file.content()).contains("[Service]\nRestart=always\n");
        assertThat(file.notifies()).isEmpty();
    }

    @Test
    void everyNodeHasItsOwnPriorityForEachAddress() {
        for (int index = 1; index <= 2; index++) {
            String instance = "vrrp_instance VIP_" + index + " {";
            assertThat(List.of("haproxy-01", "haproxy-02", "haproxy-03"))
                    .extracting(node -> {
                        String file = rendered(Proxies.six(), node);
                        return file.substring(file.indexOf(instance))
                                .lines()
                                .filter(line -> line.contains("priority"))
                                .findFirst()
                                .orElseThrow();
                    })
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void passwordsThatVrrpWouldCutAreRefused() {
        for (String password : List.of("ninechars", "a b", "a#b", "é")) {
            FixedContext context = FixedContext.of(Proxies.six().build());
            context.secrets().obtain(KeepalivedFile.AUTH_SECRET, () -> Secret.of(password));
            assertThatThrownBy(() -> component.stages(context))
                    .isInstanceOfSatisfying(
                            PgHaException.class, e -> assertThat(e.code()).isEqualTo("config.keepalived-auth"))
                    .hasMessageNotContaining("ninechars");
        }
    }

    @Property(tries = 100)
    void whateverItsNameANodeKeepsTheShapeOfTheFile(@ForAll @AlphaChars String letters) {
        String name = "N" + letters.substring(0, Math.min(20, letters.length()));
        ClusterConfig.Builder config = ClusterConfig.builder()
                .name("c")
                .topology(t -> t.node(name, "192.168.60.100", NodeRole.values()).vip("192.168.60.110/24"));
        assertThat(rendered(config, name))
                .contains("router_id " + name + "\n")
                .doesNotContain("CHECK\"", "interval INTERVAL");
    }

    // Preflight

    @Test
    void aBareSubnetIsGood() {
        FixedContext context = Proxies.context(Proxies.six());
        assertThat(component.check(context)).isEmpty();
        assertThat(component.preflight(context))
                .hasSize(6)
                .allSatisfy(rule ->
                        assertThat(rule.judge().apply(rule.probe().bare())).isEmpty())
                .allSatisfy(rule -> assertThat(rule.judge().apply("claimed")).isEmpty());
        assertThat(component.check(Proxies.context(Proxies.v6()))).isEmpty();
    }

    @Test
    void somebodyElsesAddressIsRefused() {
        PreflightRule rule = component.preflight(Proxies.context(Proxies.six())).get(0);
        Problem problem = rule.judge()
                .apply("192.168.60.110 dev eth0 lladdr 02:00:00:00:00:09 REACHABLE")
                .orElseThrow();
        assertThat(problem.code()).isEqualTo("preflight.vip-taken");
        assertThat(problem.message()).contains("192.168.60.110", "02:00:00:00:00:09");
        assertThat(rule.judge().apply("192.168.60.110 dev eth0 FAILED\n192.168.60.111 dev eth0 INCOMPLETE"))
                .isEmpty();
    }

    @Test
    void anAddressOnOurOwnNodeIsOnlyAskedThere() {
        FixedContext context = Proxies.context(Proxies.six())
                .with("haproxy-02", facts -> facts.address(new InterfaceAddress("eth0", "192.168.60.110", 24)));
        List<PreflightRule> rules = component.preflight(context).stream()
                .filter(rule -> rule.probe().id().equals("preflight:vips"))
                .toList();
        assertThat(rules).hasSize(3);
        for (PreflightRule rule : rules) {
            boolean holder = rule.node().name().equals("haproxy-02");
            assertThat(rule.probe().script().contains("echo 192.168.60.110 here"))
                    .isEqualTo(holder);
            assertThat(rule.probe().script().contains("for vip in 192.168.60.111;"))
                    .isTrue();
            assertThat(rule.judge().apply("claimed")).isEmpty();
            assertThat(rule.judge().apply("192.168.60.110 here").orElseThrow().message())
                    .contains("192.168.60.110 by this host itself");
        }
    }

    @Test
    void anAddressOutsideTheSubnetIsRefused() {
        FixedContext context = Proxies.context(Proxies.six())
                .with(
                        "haproxy-01",
                        facts -> facts.addresses(List.of(new InterfaceAddress("eth0", "192.168.60.100", 29))));
        assertThat(component.check(context))
                .extracting(Problem::code)
                .containsExactly("preflight.vip-subnet", "preflight.vip-subnet");
    }

    @Test
    void anAddressWhoseInterfaceIsNamedMayBeInAnySubnet() {
        assertThat(component.check(Proxies.context(Proxies.named()))).isEmpty();
    }

    @Test
    void aNamedInterfaceMustBeThereOnEveryHostOursOrNot() {
        List<PreflightRule> rules = component.preflight(Proxies.context(Proxies.named())).stream()
                .filter(rule -> rule.probe().id().equals("preflight:vip-interfaces"))
                .toList();
        assertThat(rules).extracting(rule -> rule.node().name()).containsExactly("lb1", "lb2");
        PreflightRule rule = rules.get(0);
        assertThat(rule.probe().script()).contains("for name in eth0 eth1;").doesNotContain("claimed");
        assertThat(rule.judge().apply(rule.probe().bare())).isEmpty();
        Problem problem = rule.judge().apply("eth1 ens3 lo").orElseThrow();
        assertThat(problem.code()).isEqualTo("preflight.no-interface");
        assertThat(problem.message()).contains("no network interface eth1", "203.0.113.11/24");
        assertThat(problem.remedy()).contains("lb1 has ens3 lo");
        assertThat(component.preflight(Proxies.context(Proxies.six())))
                .noneMatch(each -> each.probe().id().equals("preflight:vip-interfaces"));
    }

    @Test
    void aNamedInterfaceIsWhereTheNeighboursAreAsked() {
        assertThat(component
                        .preflight(Proxies.context(Proxies.named()))
                        .get(0)
                        .probe()
                        .script())
                .contains("ip neigh replace 10.0.0.10 dev eth0 use", "ip neigh replace 203.0.113.11 dev eth1 use");
    }

    @Test
    void aNodeInNoneOfItsSubnetsTakesAnAnswerOnTheWireForProof() {
        FixedContext context = Proxies.context(Proxies.named())
                .with("lb1", facts -> facts.address(new InterfaceAddress("eth1", "203.0.113.2", 24)))
                .with("lb2", facts -> facts.address(new InterfaceAddress("eth1", "203.0.113.11", 24)));
        assertThat(onTheWire(context, "lb1")).containsExactly(true, false);
        assertThat(onTheWire(context, "lb2")).containsExactly(true, true);
        assertThat(onTheWire(Proxies.context(Proxies.six()), "haproxy-01")).containsExactly(false, false);
    }

    private List<Boolean> onTheWire(FixedContext context, String node) {
        return Proxies.lane(component, context, 1, node).stream()
                .map(proof -> ((AwaitResource) proof).check().contains("lladdr"))
                .toList();
    }

    @Test
    void aTranslatedAddressIsRefused() {
        ClusterConfig config = Proxies.six().build();
        FixedContext context = Proxies.context(
                Proxies.six(),
                node -> FixedContext.healthy(config.node("postgres-01")).build());
        assertThat(component.check(context))
                .hasSize(3)
                .allMatch(problem -> problem.code().equals("preflight.no-interface"));
    }

    @Test
    void subnetsAreComparedBitByBit() {
        InterfaceAddress four = new InterfaceAddress("eth0", "10.0.16.1", 20);
        assertThat(Addresses.inSubnet("10.0.31.255", four)).isTrue();
        assertThat(Addresses.inSubnet("10.0.32.0", four)).isFalse();
        assertThat(Addresses.inSubnet("host.example", four)).isFalse();
        InterfaceAddress six = new InterfaceAddress("eth0", "FD00:60:0:0::1", 64);
        assertThat(Addresses.inSubnet("fd00:60::ffff", six)).isTrue();
        assertThat(Addresses.inSubnet("fd00:61::1", six)).isFalse();
        assertThat(Addresses.inSubnet("10.0.0.1", six)).isFalse();
    }
}
