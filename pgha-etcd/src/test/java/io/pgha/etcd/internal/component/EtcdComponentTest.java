package io.pgha.etcd.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.etcd.Etcd;
import io.pgha.host.HostFacts;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.port.EtcdUser;
import io.pgha.port.Pki;
import io.pgha.resource.CertificateResource;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Act;
import io.pgha.spi.Component;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FixedPlanContext;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EtcdComponentTest {
    private final Component component = Etcd.component();
    private final ClusterConfig config = Clusters.dedicated();
    private final PlanContext context = new FixedPlanContext(config, "bookworm");

    @Test
    void onlyMembersGetPackages() {
        assertThat(component.packages(context, config.node("etcd-01")))
                .containsExactly("etcd-client", "etcd-server", "openssl");
        assertThat(component.packages(context, config.node("db-01"))).isEmpty();
    }

    @Test
    void certificatesComeBeforeMembers() {
        List<StageSpec> stages = component.stages(context);

        assertThat(stages).extracting(StageSpec::phase).containsExactly(Phase.TRUST, Phase.DCS, Phase.DCS);
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.lanes().keySet()).containsExactlyElementsOf(config.etcdNodes()));
        assertThat(stages.get(2).lanes().get(config.node("etcd-02")))
                .extracting(Resource::id)
                .containsExactly(
                        "file:/etc/etcd/tls/ca.crt",
                        "file:/etc/etcd/etcd.env",
                        "file:/etc/systemd/system/etcd.service.d/pgha.conf",
                        "file:/etc/profile.d/pgha-etcd.sh",
                        "etcd:join",
                        "service:etcd",
                        "etcd:ready");
    }

    @Test
    void theCertificateServesEveryWayInWhichAMemberIsDialled() {
        Node node = config.node("etcd-01");
        CertificateResource certificate = (CertificateResource)
                component.stages(context).get(0).lanes().get(node).get(0);

        assertThat(certificate.request().names()).containsExactly("etcd-01", "localhost");
        assertThat(certificate.request().addresses()).containsExactly("192.168.60.11", "127.0.0.1", "::1");
        assertThat(certificate.keyPath()).isEqualTo("/etc/etcd/tls/server.key");
    }

    @Test
    void withAuthenticationThePasswordsComeFirstAndEnablingLast() {
        PlanContext authenticated = new FixedPlanContext(Clusters.authenticated(), "trixie");
        List<StageSpec> stages = component.stages(authenticated);

        assertThat(stages).extracting(StageSpec::phase).containsExactly(Phase.TRUST, Phase.DCS, Phase.VERIFY);
        assertThat(stages.get(1).lanes().values())
                .hasSize(3)
                .allSatisfy(member -> assertThat(member.get(0).id()).isEqualTo("file:/etc/etcd/passwords"));
        assertThat(stages.get(2).lanes()).isEmpty();
        assertThat(stages.get(2).cluster()).hasValueSatisfying(lane -> {
            assertThat(lane.views()).containsOnlyKeys(authenticated.config().etcdNodes());
            assertThat(lane.views(0).values()).extracting(Resource::id).containsOnly("etcd:authentication");
        });
        assertThat(component.check(authenticated)).isEmpty();
    }

    @Test
    void noPasswordIsInAScriptThatIsShownOrRun() {
        ClusterConfig config = Clusters.authenticated();
        PlanContext authenticated = new FixedPlanContext(config, "trixie");
        String root = EtcdUser.root(authenticated.secrets()).password().reveal();
        String patroni =
                EtcdUser.patroni(config, authenticated.secrets()).password().reveal();
        assertThat(root).isNotEmpty().isNotEqualTo(patroni);

        for (StageSpec stage : component.stages(authenticated)) {
            Stream.concat(
                            stage.lanes().values().stream().flatMap(List::stream),
                            stage.cluster().stream()
                                    .flatMap(lane ->
                                            lane.views().values().stream().flatMap(List::stream)))
                    .forEach(resource -> {
                        String shown =
                                resource.title() + resource + resource.probe().script() + acting(resource);
                        assertThat(shown).doesNotContain("'" + root + "'").doesNotContain("'" + patroni + "'");
                    });
        }
    }

    private static String acting(Resource resource) {
        Act act = resource.act(Observation.of(resource.probe().bare()));
        return act instanceof Act.OnHost there ? act + there.command().script() : act.toString();
    }

    @Test
    void passwordsAreKeptUntilEachNodeHasMadeSureThatNobodyNeedsThem() {
        StageSpec stage = component.stages(context).get(1);

        assertThat(stage.title()).isEqualTo("etcd without authentication");
        assertThat(stage.lanes().values())
                .hasSize(3)
                .allSatisfy(lane -> assertThat(lane).singleElement().satisfies(resource -> {
                    assertThat(resource.diff(Observation.of("ok"))).isEmpty();
                    assertThat(resource.diff(Observation.of("it may be enabled")))
                            .hasValueSatisfying(
                                    change -> assertThat(change.reason()).isEqualTo("it may be enabled"));
                    assertThat(resource.act(Observation.of("it may be enabled")))
                            .isInstanceOf(Act.InJava.class)
                            .extracting(Act::leaves)
                            .isEqualTo("ok");
                }));
    }

    @Test
    void whoeverHasNoAuthenticationGetsNoPasswordOfRoot() {
        SecretStore store = SecretStore.memory();

        component.stages(new WithSecrets(context, store));
        assertThat(store.names()).isEmpty();
    }

    @Test
    void aPasswordThatEtcdctlWouldCutIsRefused() {
        SecretStore store = SecretStore.memory();
        store.obtain("etcd.root", () -> Secret.of("two words"));
        PlanContext context = new WithSecrets(new FixedPlanContext(Clusters.authenticated(), "trixie"), store);

        assertThat(component.check(context)).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("etcd.password");
            assertThat(problem.message()).contains("root").doesNotContain("two words");
        });
    }

    @Test
    void somebodyElsesEtcdIsRefused() {
        PreflightRule rule = component.preflight(context).get(0);

        assertThat(rule.judge().apply("none")).isEmpty();
        assertThat(rule.judge().apply("foreign")).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.etcd-foreign");
            assertThat(problem.node()).hasValue("etcd-01");
        });
    }

    /** The same machines with other passwords. */
    private record WithSecrets(PlanContext plain, SecretStore secrets) implements PlanContext {
        @Override
        public ClusterConfig config() {
            return plain.config();
        }

        @Override
        public HostFacts facts(Node node) {
            return plain.facts(node);
        }

        @Override
        public List<String> packages(Node node) {
            return plain.packages(node);
        }

        @Override
        public List<Resource> beforePackages(Node node) {
            return plain.beforePackages(node);
        }

        @Override
        public Pki pki() {
            return plain.pki();
        }
    }
}
