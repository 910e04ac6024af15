package io.pgha.certs.internal.cluster;

import io.pgha.certs.CaStore;
import io.pgha.port.Offer;
import io.pgha.port.Pki;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import java.time.Clock;
import java.util.List;

/**
 * Gives every other component the certificates. It has no stages of its own: each component brings the certificates of
 * its own daemon, to its own place, for its own user.
 */
public final class CertsComponent implements Component {
    private final CaStore store;
    private final Clock clock;

    public CertsComponent(CaStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certificates";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        return List.of();
    }

    @Override
    public List<Offer<?>> offers() {
        return List.of(new Offer<>(Pki.class, ports -> ClusterPki.of(store, ports.config(), clock)));
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
