package io.pgha.examples.certificates;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pgha.PgHa;
import io.pgha.Problem;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.host.InMemoryTransport;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.Patroni;
import io.pgha.plan.Plan;
import io.pgha.plan.PreflightFailedException;
import io.pgha.secret.SecretStore;
import org.junit.jupiter.api.Test;

/** A store that does not have the cluster's authority any more, on machines in memory. */
class LostAuthorityTest {
    private final InMemoryTransport hosts = InMemoryTransport.of("trixie");
    private final SecretStore secrets = SecretStore.memory();
    private final ClusterConfig config = ClusterConfig.builder()
            .name("orders")
            .topology(t -> t.node("db1", "10.0.0.1", ETCD, POSTGRES).node("proxy1", "10.0.0.2", HAPROXY))
            .build();

    private Plan plan(CaStore authority, ClusterConfig wanted) throws InterruptedException {
        return PgHa.builder()
                .transport(hosts)
                .secrets(secrets)
                .install(Certs.component(authority))
                .install(Etcd.component())
                .install(Patroni.component())
                .build()
                .cluster(wanted)
                .plan();
    }

    @Test
    void anotherAuthorityThanTheClustersIsRefusedAndItsOwnGoesOn() throws Exception {
        CaStore own = CaStore.memory();
        plan(own, config).apply();

        PreflightFailedException refusal =
                catchThrowableOfType(PreflightFailedException.class, () -> plan(CaStore.memory(), config));
        assertThat(refusal.problems()).extracting(Problem::code).containsExactly("pki.authority-lost");
        assertThat(refusal)
                .hasMessageContaining("All 3 certificates of orders come from another authority")
                .hasMessageContaining("db1 /etc/etcd/tls/server.crt")
                .hasMessageContaining("bring its store back");

        assertThat(plan(own, config).isEmpty()).isTrue();
    }

    @Test
    void aRenamedClusterIsToldThatAlone() throws Exception {
        CaStore own = CaStore.memory();
        plan(own, config).apply();

        ClusterConfig renamed =
                ClusterConfig.builder().from(config).name("invoices").build();
        PreflightFailedException refusal =
                catchThrowableOfType(PreflightFailedException.class, () -> plan(own, renamed));
        assertThat(refusal.problems()).extracting(Problem::code).containsOnly("change.cluster-name");
    }

    @Test
    void aNewNodesMissingCertificateIsNoLoss() throws Exception {
        CaStore own = CaStore.memory();
        plan(own, config).apply();

        ClusterConfig bigger = ClusterConfig.builder()
                .from(config)
                .topology(t -> t.from(config.topology()).node("db2", "10.0.0.3", POSTGRES))
                .build();
        assertThat(plan(own, bigger).steps())
                .filteredOn(step -> step.resource().startsWith("certificate:"))
                .extracting(step -> step.node())
                .containsOnly("db2");
    }

    @Test
    void anAuthorityThatIsBeingReplacedIsStillTheClusters() throws Exception {
        CaStore own = CaStore.memory();
        plan(own, config).apply();
        try (PgHa pgha = PgHa.builder()
                .transport(hosts)
                .secrets(secrets)
                .install(Certs.component(own))
                .install(Etcd.component())
                .install(Patroni.component())
                .build()) {
            assertThat(Certs.client(pgha.cluster(config)).rotateCa().isEmpty()).isFalse();
        }
    }
}
