package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.util.Optional;

/** The dynamic configuration of a cluster that did not answer when it was planned. Immutable and thread-safe. */
final class AfterStartResource implements Resource {
    private static final String ANSWERED = "200";
    private static final String NOBODY = "no member answers yet";

    private final ClusterConfig config;
    private final String login;
    private final String wanted;

    AfterStartResource(ClusterConfig config, String login, String wanted) {
        this.config = config;
        this.login = login;
        this.wanted = wanted;
    }

    @Override
    public String id() {
        return "patroni:dynamic-config-after-start";
    }

    @Override
    public String title() {
        return "make sure of the dynamic configuration";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    /** The same words as {@link DynamicConfigResource} uses, so that both are answered at once. */
    @Override
    public Probe probe() {
        return new Probe(id(), DynamicConfigResource.anyAnswer(config, "/config"), NOBODY);
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        return observation.text().startsWith(ANSWERED) ? Optional.empty() : Optional.of(Change.of(NOBODY, Impact.NONE));
    }

    @Override
    public Act.OnHost act(Observation observation) {
        return Act.onHost(DynamicConfigResource.patch(config, login, wanted).build(), "200\n" + wanted);
    }
}
