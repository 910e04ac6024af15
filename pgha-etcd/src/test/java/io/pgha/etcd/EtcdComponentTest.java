package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.resource.CertificateResource;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FixedPlanContext;
import java.util.List;
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

        assertThat(stages).extracting(StageSpec::phase).containsExactly(Phase.TRUST, Phase.DCS);
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.lanes().keySet()).containsExactlyElementsOf(config.etcdNodes()));
        assertThat(stages.get(1).lanes().get(config.node("etcd-02")))
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
    void somebodyElsesEtcdIsRefused() {
        PreflightRule rule = component.preflight(context).get(0);

        assertThat(rule.judge().apply("none")).isEmpty();
        assertThat(rule.judge().apply("foreign")).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo("preflight.etcd-foreign");
            assertThat(problem.node()).hasValue("etcd-01");
        });
    }
}
