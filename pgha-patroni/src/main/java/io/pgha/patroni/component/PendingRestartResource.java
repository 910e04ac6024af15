package io.pgha.patroni.component;

import static io.pgha.host.ShellQuote.quote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.Trigger;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A PostgreSQL server that runs with the parameters that it has been given: where Patroni says that a restart is pending, it
 * is asked for one, which keeps the leader the leader. Immutable and thread-safe.
 */
final class PendingRestartResource implements Resource {
    static final String ID = "patroni:pending-restart";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterConfig config;
    private final Node node;
    private final String login;

    PendingRestartResource(PlanContext context, Node node) {
        this.config = context.config();
        this.node = node;
        this.login = RestCall.login(context);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "restart PostgreSQL where a restart is pending";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    public Probe probe() {
        return new Probe(ID, PatroniLayout.get(config, node, "/patroni"), "000");
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        JsonNode status = status(observation.text());
        if (status.path("pending_restart").asBoolean()) {
            TreeSet<String> names = new TreeSet<>();
            status.path("pending_restart_reason").fieldNames().forEachRemaining(names::add);
            String why = names.isEmpty() ? "" : ": " + String.join(", ", names);
            return Optional.of(Change.of("a restart is pending" + why, Impact.ROLLING_RESTART));
        }
        return observation.triggers().isEmpty()
                ? Optional.empty()
                : Optional.of(Change.of(
                        observation.triggers().stream()
                                .map(Trigger::cause)
                                .distinct()
                                .collect(Collectors.joining(", ")),
                        Impact.ROLLING_RESTART));
    }

    private static JsonNode status(String answer) {
        try {
            return answer.startsWith("200\n") ? JSON.readTree(answer.substring(4)) : JSON.missingNode();
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /**
     * After a change Patroni needs a moment, at most one round, until it knows that a restart is pending; where it stays
     * silent none is needed. The call for the restart lasts as long as the restart.
     */
    @Override
    public Command act(Observation observation) {
        Duration notice = config.patroni().loopWait().plusSeconds(5);
        return Command.builder()
                .script(RestCall.prelude(config)
                        + """
                        me=ADDRESS
                        pending() {
                          answer=$(rest 10 "$me" 'GET /patroni' '')
                          case $answer in
                            200*) printf %s "$answer" | tr -d ' \\n' | grep -q '"pending_restart":true' ;;
                            *) [ "$1" = unknown ] ;;
                          esac
                        }
                        until=$(( $(date +%s) + NOTICE ))
                        until pending; do
                          [ $(date +%s) -lt $until ] || exit 0
                          sleep 0.2
                        done
                        reply=$(rest 600 "$me" 'POST /restart' '{"restart_pending": true}')
                        until=$(( $(date +%s) + 60 ))
                        while pending unknown; do
                          if [ $(date +%s) -ge $until ]; then
                            printf 'PostgreSQL did not restart; Patroni answered: HTTP %s\\n' "$reply"
                            LOG
                            exit 1
                          fi
                          sleep 0.2
                        done
                        """.replace("ADDRESS", quote(node.address()))
                                .replace("NOTICE", String.valueOf(notice.toSeconds()))
                                .replace("LOG", ServerLog.TAIL))
                .stdin(login)
                .timeout(Duration.ofMinutes(15))
                .settle(ID, "000")
                .build();
    }
}
