package io.pgha;

import io.pgha.model.ClusterConfig;
import io.pgha.port.Pki;
import io.pgha.port.PkiProvider;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import java.util.List;

/** Brings certificates of the caller's choice into one plan; standing first, it is the one that is asked. */
final class GivenPki implements Component, PkiProvider {
    private final Pki pki;

    GivenPki(Pki pki) {
        this.pki = pki;
    }

    @Override
    public String name() {
        return "given certificates";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        return List.of();
    }

    @Override
    public Pki pki(ClusterConfig config) {
        return pki;
    }
}
