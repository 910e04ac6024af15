package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.layout.PatroniLayout;
import io.pgha.patroni.internal.settings.DynamicConfigDiff;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.settings.WantedConfig;
import io.pgha.patroni.internal.work.ConfigChange;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import java.util.List;
import java.util.Optional;

/**
 * The dynamic configuration of a cluster that runs: what pgha keeps there is compared key by key, and only what differs
 * is sent. Where no member answers there is nothing to compare with, and nothing to do. Immutable and thread-safe.
 */
final class DynamicConfigResource implements Resource {
    private static final String ANSWER = "200\n";
    private static final String NOBODY = "000";

    private final Moment moment;
    private final WantedConfig wanted;
    private final Probe probe;
    private final RestWork rest;

    DynamicConfigResource(PlanContext context, Node node, Moment moment, RestWork rest) {
        this.moment = moment;
        this.wanted = WantedConfig.of(context, moment);
        this.probe = probe(
                moment == Moment.RELOAD ? "patroni:dynamic-config" : "patroni:dynamic-config-restart", context, node);
        this.rest = rest;
    }

    /** Returns the question to a member, in the same words for all who want to know a part of the configuration. */
    static Probe probe(String id, PlanContext context, Node node) {
        return new Probe(id, PatroniLayout.get(context.config(), node, "/config"), NOBODY);
    }

    /** Returns the answer of a member that has a configuration. */
    static String answer(String json) {
        return ANSWER + json;
    }

    static boolean isAnswer(String answer) {
        return answer.startsWith(ANSWER);
    }

    @Override
    public String id() {
        return probe.id();
    }

    @Override
    public String title() {
        return moment == Moment.RELOAD
                ? "change the dynamic configuration"
                : "change server parameters that need a restart";
    }

    @Override
    public Probe probe() {
        return probe;
    }

    @Override
    public boolean told(String answer) {
        return isAnswer(answer);
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        if (!isAnswer(observation.text())) {
            return Optional.empty();
        }
        DynamicConfigDiff diff = wanted.diff(found(observation));
        return diff.isEmpty()
                ? Optional.empty()
                : Optional.of(new Change(
                        diff.keys().isEmpty()
                                ? "pgha's list of its parameters differs"
                                : String.join(", ", diff.keys()) + (diff.keys().size() == 1 ? " differs" : " differ"),
                        diff.keys().isEmpty() ? Impact.NONE : Impact.RELOAD,
                        Optional.of(new FileDiff("Patroni's dynamic configuration", diff.text()))));
    }

    @Override
    public Act act(Observation observation) {
        String found = found(observation);
        return Act.inJava(
                rest.of(new ConfigChange(wanted::missing)::make),
                answer(WantedConfig.patched(found, wanted.missing(found))));
    }

    private static String found(Observation observation) {
        return isAnswer(observation.text()) ? observation.text().substring(ANSWER.length()) : "";
    }

    @Override
    public List<Notification> notifies() {
        Notification inForce = InForceResource.notification(Notification.Reach.CLUSTER);
        return moment == Moment.RELOAD
                ? List.of(inForce)
                : List.of(
                        new Notification(RestartTurn.LEADER_LAST.id(), Reaction.RESTART, Notification.Reach.CLUSTER),
                        new Notification(RestartTurn.BEHIND_LEADER.id(), Reaction.RESTART, Notification.Reach.CLUSTER),
                        inForce);
    }
}
