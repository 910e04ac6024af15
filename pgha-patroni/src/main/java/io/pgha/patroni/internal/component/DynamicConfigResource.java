package io.pgha.patroni.internal.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.patroni.internal.component.DynamicSettings.Moment;
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
import java.util.Set;

/**
 * The dynamic configuration of a cluster that runs: what pgha keeps there is compared key by key, and only what differs is
 * sent. Where no member answers there is nothing to compare with, and nothing to do. Immutable and thread-safe.
 */
final class DynamicConfigResource implements Resource {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final String NOBODY = "000";

    private final ClusterConfig config;
    private final Moment moment;
    private final String login;
    private final ObjectNode wanted;
    private final Set<String> parameters;

    DynamicConfigResource(PlanContext context, Moment moment) {
        DynamicSettings settings = DynamicSettings.of(context);
        this.config = context.config();
        this.moment = moment;
        this.login = RestCall.login(context);
        this.wanted = JSON.valueToTree(settings.tree(moment));
        this.parameters = Set.copyOf(settings.names());
    }

    @Override
    public String id() {
        return moment == Moment.RELOAD ? "patroni:dynamic-config" : "patroni:dynamic-config-restart";
    }

    @Override
    public String title() {
        return moment == Moment.RELOAD
                ? "change the dynamic configuration"
                : "change server parameters that need a restart";
    }

    @Override
    public Probe probe() {
        return new Probe(id(), anyAnswer(config, "/config"), NOBODY);
    }

    /** Returns a script that asks one member after the other until one answers. */
    static String anyAnswer(ClusterConfig config, String path) {
        StringBuilder script = new StringBuilder();
        for (Node node : config.postgresNodes()) {
            script.append("answer=$(")
                    .append(PatroniLayout.get(config, node, path))
                    .append(")\ncase $answer in 200*) printf '%s\\n' \"$answer\"; exit 0 ;; esac\n");
        }
        return script.append("echo ").append(NOBODY).toString();
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        return compare(observation.text())
                .filter(diff -> !diff.isEmpty())
                .map(diff -> new Change(
                        diff.keys().isEmpty()
                                ? "pgha's list of its parameters differs"
                                : String.join(", ", diff.keys()) + (diff.keys().size() == 1 ? " differs" : " differ"),
                        diff.keys().isEmpty() ? Impact.NONE : Impact.RELOAD,
                        Optional.of(new FileDiff("Patroni's dynamic configuration", diff.text()))));
    }

    @Override
    public Act.OnHost act(Observation observation) {
        ObjectNode patch =
                compare(observation.text()).map(DynamicConfigDiff::patch).orElse(wanted);
        return Act.onHost(patch(config, login, json(patch)).build(), "200\n" + json(wanted));
    }

    /**
     * Returns the command that sends a patch to whichever member takes it. A member that just writes itself (409) or has lost
     * sight of etcd for a moment is asked again.
     */
    static Command.Builder patch(ClusterConfig config, String login, String patch) {
        return Command.builder()
                .script(RestCall.prelude(config)
                        + ShellClock.DEFINITION
                        + Script.of("""
                            patch=$(cat)
                            clock; until=$(( clock + 40 ))
                            while :; do
                              for address in {{addresses}}; do
                                answer=$(rest 10 "$address" 'PATCH /config' "$patch")
                                case $answer in 200*) exit 0 ;; esac
                              done
                              case $answer in 400*|401*|403*) break ;; esac
                              clock
                              [ $clock -lt $until ] || break
                              sleep 0.5
                            done
                            printf 'No member takes the change; the last answer was: HTTP %s\\n' "$answer"
                            exit 1
                            """)
                                .words("addresses", PatroniLayout.addresses(config))
                                .render())
                .stdin(login + patch);
    }

    @Override
    public List<Notification> notifies() {
        Notification inForce = InForceResource.notification(Notification.Reach.CLUSTER);
        return moment == Moment.RELOAD
                ? List.of(inForce)
                : List.of(
                        new Notification(PendingRestartResource.ID, Reaction.RESTART, Notification.Reach.CLUSTER),
                        inForce);
    }

    /** Returns whether a configuration, as Patroni has it, is the wanted one. */
    boolean agrees(String json) {
        return compare("200\n" + json).filter(DynamicConfigDiff::isEmpty).isPresent();
    }

    /** Returns the configuration as Patroni has it once it is the wanted one, as far as this resource goes. */
    String wanted() {
        return json(wanted);
    }

    private Optional<DynamicConfigDiff> compare(String answer) {
        if (!answer.startsWith("200\n")) {
            return Optional.empty();
        }
        try {
            JsonNode found = JSON.readTree(answer.substring(4));
            JsonNode remembered = found.path("pgha").path(moment.list());
            return Optional.of(DynamicConfigDiff.of(found, wanted, remembered, parameters));
        } catch (JsonProcessingException e) {
            return Optional.of(DynamicConfigDiff.of(JSON.missingNode(), wanted, JSON.missingNode(), parameters));
        }
    }

    static String json(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
