package io.pgha.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.NodeRole;
import io.pgha.model.patroni.SynchronousMode;
import io.pgha.plan.Phase;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServiceResource;
import io.pgha.secret.Secret;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FixedContext;
import io.pgha.testing.Golden;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HaproxyComponentTest {
    private final HaproxyComponent component = new HaproxyComponent();

    private String rendered(ClusterConfig.Builder config, String node) {
        return Proxies.file(component, Proxies.context(config), node, HaproxyFile.PATH)
                .content();
    }

    @Test
    void declaresEachProxyInOrder() {
        FixedContext context = Proxies.context(Proxies.six());
        StageSpec stage = component.stages(context).get(0);
        assertThat(stage.phase()).isEqualTo(Phase.PROXY);
        assertThat(stage.lanes().keySet())
                .isEqualTo(new LinkedHashSet<>(context.config().haproxyNodes()));
        assertThat(Proxies.lane(component, context, 0, "haproxy-01"))
                .extracting(Resource::id)
                .containsExactly(
                        "file:/etc/systemd/system/haproxy.service.d/pgha.conf",
                        "file:/etc/haproxy/ca.crt",
                        "file:/etc/haproxy/haproxy.cfg",
                        "service:haproxy",
                        "await:haproxy");
        assertThat(component.packages(context, context.config().node("haproxy-01")))
                .containsExactly("haproxy");
        assertThat(component.packages(context, context.config().node("postgres-01")))
                .isEmpty();
    }

    @Test
    void rendersTheConfiguration() {
        Golden.check("proxy/haproxy.six.cfg", rendered(Proxies.six(), "haproxy-01"));
        Golden.check("proxy/haproxy.v6.cfg", rendered(Proxies.v6(), "lb1"));
        Golden.check(
                "proxy/haproxy.quorum.cfg",
                rendered(
                        Proxies.six()
                                .patroni(patroni -> patroni.synchronousMode(SynchronousMode.QUORUM)
                                        .restPort(8009))
                                .haproxy(haproxy -> haproxy.maxConnections(500)
                                        .checkInterval(Duration.ofMillis(1500))
                                        .idleTimeout(Duration.ofHours(8)))
                                .postgres(postgres -> postgres.port(6432)),
                        "haproxy-01"));
        assertThat(rendered(Proxies.six(), "haproxy-02")).isEqualTo(rendered(Proxies.six(), "haproxy-01"));
    }

    @Test
    void aVanishedServerIsNeverGivenUpBeforeTheChecksWould() {
        assertThat(rendered(Proxies.six(), "haproxy-01"))
                .contains("verifyhost postgres-03 tcp-ut 8s\n", "srvtcpka-idle 5s\n");
        assertThat(rendered(
                        Proxies.six()
                                .haproxy(haproxy -> haproxy.checkInterval(Duration.ofMillis(2500))
                                        .fall(5)),
                        "haproxy-01"))
                .contains("tcp-ut 15s\n", "srvtcpka-idle 12s\n");
        assertThat(rendered(Proxies.six().haproxy(haproxy -> haproxy.checkInterval(Duration.ofDays(1))), "haproxy-01"))
                .contains("tcp-ut 600s\n", "srvtcpka-idle 597s\n");
    }

    @Test
    void aReloadSaysWhatBecomesOfSessions() {
        assertThat(Proxies.lane(component, Proxies.context(Proxies.six()), 0, "haproxy-01"))
                .filteredOn(ServiceResource.class::isInstance)
                .singleElement()
                .satisfies(service -> assertThat(((ServiceResource) service).reloadEffect())
                        .hasValueSatisfying(text -> assertThat(text).contains("at most 1800s")));
    }

    @Test
    void keepsThePasswordToItself() {
        FileResource file = Proxies.file(component, Proxies.context(Proxies.six()), "haproxy-01", HaproxyFile.PATH);
        assertThat(file.content()).contains("a stats password");
        assertThat(file.mode()).isEqualTo("640");
        assertThat(file.owner()).isEqualTo("root:haproxy");
        assertThat(file.visibility()).isEqualTo(FileResource.Visibility.MASKED);
        assertThat(file.toString()).doesNotContain("a stats password");
        assertThat(file.notifies()).containsExactly(ServiceResource.reload("haproxy"));
    }

    @Test
    void opensEnoughFilesForItsSessions() {
        FixedContext context = Proxies.context(Proxies.six());
        String content = Proxies.file(
                        component, context, "haproxy-01", "/etc/systemd/system/haproxy.service.d/pgha.conf")
                .content();
        assertThat(content).endsWith("[Service]\nLimitNOFILE=9000\n");
    }

    @Test
    void withoutProxiesThereIsNothingToDo() {
        FixedContext context = FixedContext.of(ClusterConfig.builder()
                .name("none")
                .topology(t -> t.node("pg1", "192.168.60.103", NodeRole.ETCD, NodeRole.POSTGRES))
                .build());
        assertThat(component.stages(context)).isEmpty();
        assertThat(component.check(context)).isEmpty();
    }

    @Test
    void refusesWhatTheFileCannotHold() {
        Problem problem = HaproxyFile.defect(Secret.of("two\nlines")).orElseThrow();
        assertThat(problem.code()).isEqualTo("config.haproxy-stats-password");
        assertThat(problem.toString()).doesNotContain("two");
        assertThat(HaproxyFile.defect(Secret.of(""))).isPresent();
        assertThatThrownBy(() -> HaproxyFile.quote("two\nlines")).isInstanceOf(PgHaException.class);
    }

    @Property(tries = 300)
    void hostilePasswordsNeverChangeTheShape(@ForAll String password) {
        HaproxyFile renderer = new HaproxyFile(Proxies.six().build());
        if (HaproxyFile.defect(Secret.of(password)).isPresent()) {
            assertThat(password.isEmpty() || password.chars().anyMatch(Character::isISOControl))
                    .isTrue();
            return;
        }
        String file = renderer.render(Secret.of(password));
        assertThat(file.lines().count())
                .isEqualTo(renderer.render(Secret.of("x")).lines().count());
        List<String> lines =
                file.lines().filter(text -> text.startsWith("    stats auth ")).toList();
        assertThat(lines).hasSize(1);
        assertThat(unquoted(lines.get(0).substring("    stats auth ".length()))).isEqualTo("admin:" + password);
    }

    /** Reads one word the way HAProxy does; fails where it would end early. */
    private static String unquoted(String text) {
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                quoted = c != '\'';
                word.append(quoted ? String.valueOf(c) : "");
            } else if (c == '\'') {
                quoted = true;
            } else if (c == '\\') {
                word.append(text.charAt(++i));
            } else {
                assertThat(List.of(' ', '#', '"', '\t', '$')).doesNotContain(c);
                word.append(c);
            }
        }
        assertThat(quoted).isFalse();
        return word.toString();
    }
}
