package io.pgha.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgha.Cluster;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.plan.Plan;
import io.pgha.plan.Step;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.resource.CertificateResource;
import io.pgha.resource.FileResource;
import io.pgha.run.RunFailedException;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FakePki;
import io.pgha.testing.Rehearsal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A plan whose certificates come from elsewhere, and what a run of it puts on record before its first step. */
class OtherAuthorityTest {
    private static final String TRUST = "file:/etc/toy.ca";

    private final InMemoryTransport transport = InMemoryTransport.of("trixie");
    private final ClusterConfig config = Rehearsal.config().build();
    private final Pki other = FakePki.pki(Rehearsal.config().name("other").build());
    private final Cluster cluster = Rehearsal.pgha(transport, SecretStore.memory(), List.of(new Trusting()))
            .cluster(config);

    private static List<Step> trust(Plan plan) {
        return plan.steps().stream()
                .filter(step -> step.resource().equals(TRUST))
                .toList();
    }

    @Test
    void componentsFindTheOtherOne() throws Exception {
        cluster.plan().apply();
        assertThat(cluster.plan().steps()).isEmpty();

        Plan plan = cluster.plan(other, () -> {});
        assertThat(trust(plan)).hasSize(3);
        plan.apply();
        assertThat(cluster.plan(other, () -> {}).steps()).isEmpty();
        assertThat(trust(cluster.plan()))
                .as("the installed one is not forgotten")
                .hasSize(3);
    }

    @Test
    void aRunBeginsOnceThoughThereIsNothingToDo() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        Plan plan = cluster.plan(other, begun::incrementAndGet);
        assertThat(begun).hasValue(0);
        plan.apply();
        assertThat(begun).hasValue(1);

        Plan empty = cluster.plan(other, begun::incrementAndGet);
        assertThat(empty.isEmpty()).isTrue();
        empty.apply();
        assertThat(begun).hasValue(2);
    }

    @Test
    void nothingIsDoneWhereItCannotBegin() throws Exception {
        Plan plan = cluster.plan(other, () -> {
            throw new IllegalStateException("no room for the record");
        });
        assertThatThrownBy(plan::apply).isInstanceOf(RunFailedException.class).hasStackTraceContaining("no room");
        assertThat(trust(cluster.plan(other, () -> {}))).hasSize(3);
    }

    @Test
    void certificatesAreToldWithoutAskingAHost() {
        assertThat(cluster.certificates())
                .hasSize(3)
                .allSatisfy((node, certificates) -> assertThat(certificates)
                        .extracting(CertificateResource::path)
                        .containsExactly("/etc/toy.crt"));
        assertThat(transport.roundTrips("postgres-01")).isZero();
    }

    @Test
    void packagesOfAllComponentsAreInstalledTogetherAndWhatComesBeforeThemBefore() throws Exception {
        List<Step> steps = cluster.plan().steps().stream()
                .filter(step -> step.node().equals("postgres-01"))
                .toList();
        List<String> resources = steps.stream().map(Step::resource).toList();
        assertThat(resources).contains("packages", "file:/etc/before.conf");
        assertThat(resources.indexOf("file:/etc/before.conf")).isLessThan(resources.indexOf("packages"));
        assertThat(steps.get(resources.indexOf("packages")).change().reason()).contains("toyd");
    }

    private record Trusting() implements Component {
        @Override
        public String name() {
            return "toy";
        }

        @Override
        public List<String> packages(PlanContext context, Node node) {
            return List.of("toyd");
        }

        @Override
        public List<io.pgha.spi.Resource> beforePackages(PlanContext context, Node node) {
            return List.of(
                    FileResource.at("/etc/before.conf").content("before\n").build());
        }

        @Override
        public List<StageSpec> stages(PlanContext context) {
            StageSpec.Builder stage = StageSpec.of(Phase.TRUST, "toy trust");
            context.config()
                    .etcdNodes()
                    .forEach(node -> stage.lane(
                            node,
                            FileResource.at("/etc/toy.ca")
                                    .content(context.pki().trustedCertificates())
                                    .build(),
                            CertificateResource.at("/etc/toy.crt")
                                    .owner("root:root")
                                    .pki(context.pki())
                                    .request(CertificateRequest.builder()
                                            .usage("toy")
                                            .build())
                                    .build()));
            return List.of(stage.build());
        }
    }
}
