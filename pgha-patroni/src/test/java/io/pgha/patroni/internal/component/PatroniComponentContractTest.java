package io.pgha.patroni.internal.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.PgHa;
import io.pgha.host.InMemoryTransport;
import io.pgha.secret.SecretStore;
import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import io.pgha.testing.Rehearsal;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatroniComponentContractTest extends ComponentContract {
    @Override
    protected List<Component> components() {
        return List.of(PatroniComponent.create());
    }

    @Override
    protected List<String> units() {
        return List.of("patroni");
    }

    /** Also where the change has PostgreSQL be asked about a parameter that nobody named before. */
    @Test
    void aRehearsalKnowsWhoRestartsBehindItsLeader() throws Exception {
        try (PgHa pgha = Rehearsal.pgha(InMemoryTransport.of("trixie"), SecretStore.memory(), components())) {
            pgha.cluster(config()).plan().apply();
            assertThat(pgha.cluster(Rehearsal.config()
                                    .postgres(pg ->
                                            pg.parameter("max_connections", 60).parameter("max_worker_processes", 24))
                                    .build())
                            .plan()
                            .steps())
                    .filteredOn(step -> step.resource().startsWith("patroni:pending-restart"))
                    .extracting(step -> step.resource() + " " + step.node())
                    .containsExactly(
                            "patroni:pending-restart postgres-01",
                            "patroni:pending-restart postgres-02",
                            "patroni:pending-restart postgres-03",
                            "patroni:pending-restart-behind-leader postgres-02",
                            "patroni:pending-restart-behind-leader postgres-03");
        }
    }
}
