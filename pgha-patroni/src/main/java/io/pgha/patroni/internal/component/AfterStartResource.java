package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.settings.DynamicSettings;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.patroni.internal.work.ConfigChange;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.util.List;
import java.util.Optional;

/** The dynamic configuration of a cluster that did not answer when it was planned. Immutable and thread-safe. */
final class AfterStartResource implements Resource {
    private final String whole;
    private final List<WantedConfig> parts;
    private final Probe probe;
    private final RestWork rest;

    AfterStartResource(PlanContext context, Node node, RestWork rest) {
        this.whole = WantedConfig.json(DynamicSettings.of(context).tree());
        this.parts = List.of(WantedConfig.of(context, Moment.RELOAD), WantedConfig.of(context, Moment.RESTART));
        this.probe = DynamicConfigResource.probe("patroni:dynamic-config-after-start", context, node);
        this.rest = rest;
    }

    @Override
    public String id() {
        return probe.id();
    }

    @Override
    public String title() {
        return "make sure of the dynamic configuration";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    public Probe probe() {
        return probe;
    }

    @Override
    public boolean told(String answer) {
        return DynamicConfigResource.isAnswer(answer);
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        return told(observation.text())
                ? Optional.empty()
                : Optional.of(Change.of("no member answers yet", Impact.NONE));
    }

    @Override
    public Act act(Observation observation) {
        return Act.inJava(
                rest.of(new ConfigChange(json -> WantedConfig.missing(parts, json))::make),
                DynamicConfigResource.answer(whole));
    }
}
