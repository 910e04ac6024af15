package io.pgha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgha.host.InMemoryTransport;
import io.pgha.model.NodeRole;
import io.pgha.plan.PreflightFailedException;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.Offer;
import io.pgha.port.OperationLock;
import io.pgha.port.Pki;
import io.pgha.proxy.HaproxyComponent;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import io.pgha.testing.FakePki;
import io.pgha.testing.Rehearsal;
import io.pgha.testing.StandIn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.Mockito;

/** What is installed, against what the topology and the builder ask for. */
class InstalledComponentsTest {
    private PgHa.Builder builder() {
        return builder(InMemoryTransport.of("trixie"));
    }

    private static PgHa.Builder builder(InMemoryTransport hosts) {
        return PgHa.builder().transport(hosts).secrets(SecretStore.memory()).install(new FakePki());
    }

    @Test
    void everyRoleThatNothingServesIsRefusedBeforeAHostIsAsked() {
        InMemoryTransport hosts = InMemoryTransport.of("trixie");
        try (PgHa pgha = builder(hosts).build()) {
            Cluster cluster = pgha.cluster(Rehearsal.config().build());
            assertThatExceptionOfType(PreflightFailedException.class)
                    .isThrownBy(cluster::plan)
                    .withMessageContaining("The role ETCD of postgres-01, postgres-02, postgres-03")
                    .withMessageContaining(".install(Etcd.component())")
                    .withMessageContaining("The role POSTGRES of postgres-01, postgres-02, postgres-03")
                    .withMessageContaining(".install(Patroni.component())")
                    .satisfies(refusal -> assertThat(refusal.problems())
                            .extracting(Problem::code)
                            .containsExactly("pgha.role-unserved", "pgha.role-unserved"));
            assertThat(hosts.done("postgres-01")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeRole.class,
            names = {"ETCD", "POSTGRES"})
    void aComponentOfOnesOwnServesARole(NodeRole missing) throws Exception {
        Set<NodeRole> others = EnumSet.complementOf(EnumSet.of(missing));
        try (PgHa pgha = builder().install(new StandIn(others)).build()) {
            assertThat(pgha.cluster(Rehearsal.config().build()).check())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString()).contains("The role " + missing));
        }
        try (PgHa pgha =
                builder().install(new StandIn(EnumSet.allOf(NodeRole.class))).build()) {
            assertThat(pgha.cluster(Rehearsal.config().build()).check()).isEmpty();
        }
    }

    @Test
    void aComponentThatIsThereTwiceIsRefusedByItsName() {
        for (Component twice : Set.<Component>of(new FakePki(), new HaproxyComponent())) {
            PgHa.Builder builder = builder().install(twice);
            assertThatExceptionOfType(PgHaException.class)
                    .isThrownBy(builder::build)
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("pgha.component-twice"))
                    .withMessageContaining("the component " + twice.name() + " twice")
                    .withMessageContaining("To fix: ");
        }
    }

    /** A component with no stage, which offers what it is given. */
    private record Offering(String name, List<Offer<?>> offers) implements Component {
        @Override
        public List<StageSpec> stages(PlanContext context) {
            return List.of();
        }
    }

    @Test
    void twoThatOfferTheSameAreRefusedByTheirNames() {
        PgHa.Builder builder = builder().install(new Offering("vault", List.of(new Offer<>(Pki.class, ports -> {
            throw new AssertionError("nobody asked for certificates");
        }))));
        assertThatExceptionOfType(PgHaException.class)
                .isThrownBy(builder::build)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("pgha.port-twice"))
                .withMessageContaining("The components certificates and vault both offer Pki")
                .withMessageContaining("To fix: ");
    }

    @Test
    void whatAComponentOffersIsFoundByItsTypeAndKnowsTheOthers() {
        List<DistributedConfigStore> opened = new ArrayList<>();
        DistributedConfigStore store = Mockito.mock(DistributedConfigStore.class);
        Component dcs = new Offering("dcs", List.of(new Offer<>(DistributedConfigStore.class, ports -> {
            assertThat(ports.find(Pki.class)).isPresent();
            assertThat(ports.find(OperationLock.class)).isEmpty();
            assertThat(ports.config().name()).isEqualTo("demo");
            opened.add(store);
            return store;
        })));
        try (PgHa pgha = builder().install(dcs).build()) {
            Cluster cluster = pgha.cluster(Rehearsal.config().build());
            assertThat(opened).isEmpty();
            assertThat(cluster.distributedConfigStore()).containsSame(store);
        }
    }
}
