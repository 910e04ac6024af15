package io.pgha.patroni.internal.component;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.host.ShellClock;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A PostgreSQL server that runs with the parameters that it has been given: where a restart is pending, Patroni is asked for one,
 * which keeps the leader the leader.
 *
 * <p>Both are asked. Patroni alone knows of limits that were forced on a replica; but before 3.3 it looks at PostgreSQL's list
 * only once, a second after a reload, and where the server is slower than that, a restart goes unseen until the next change.
 * PostgreSQL's list is not asked where the superuser has another name than {@code postgres}. Immutable and thread-safe.
 */
final class PendingRestartResource implements Resource {
    static final String ID = "patroni:pending-restart";

    private final ClusterConfig config;
    private final Node node;
    private final String login;
    private final String sql;
    private final Probe probe;

    PendingRestartResource(PlanContext context, Node node) {
        this.config = context.config();
        this.node = node;
        this.login = RestCall.login(context);
        this.sql = MemberStatus.sql(context, node);
        this.probe = new Probe(ID, MemberStatus.script(context, node), MemberStatus.NOBODY);
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
        return probe;
    }

    @Override
    public Optional<Change> diff(Observation observation) {
        MemberStatus status = MemberStatus.parse(observation.text());
        if (status.pendingRestart()) {
            String why =
                    status.pendingParameters().isEmpty() ? "" : ": " + String.join(", ", status.pendingParameters());
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

    @Override
    public List<Notification> notifies() {
        return List.of(InForceResource.notification(Notification.Reach.NODE));
    }

    /**
     * Patroni has taken the change over when this runs ({@link RestartRolling}). Where neither knows of a restart all the same, a
     * reload makes Patroni compare and write everything once more, and the time of PostgreSQL's last reload proves that it did.
     * The call for the restart lasts as long as the restart.
     */
    @Override
    public Act.OnHost act(Observation observation) {
        Duration reload = config.patroni().loopWait().multipliedBy(3).plusSeconds(30);
        return Act.onHost(
                Command.builder()
                        .script(RestCall.prelude(config)
                                + ShellClock.DEFINITION
                                + sql
                                + Script.of("""
                            me={{address}}
                            look() {
                              count=$(pending_settings 'count(*)') || count=
                              answer=$(rest 10 "$me" 'GET /patroni' '')
                              case $answer in
                                200*) patroni=$(printf %s "$answer" | tr -d ' \\n' | grep -q '"pending_restart":true' && echo yes || echo no) ;;
                                *) patroni= ;;
                              esac
                            }
                            pending() { [ "$patroni" = yes ] || [ "${count:-0}" -gt 0 ]; }
                            loaded() { sql 'select pg_conf_load_time()' || :; }
                            fail() { printf '%s; Patroni answered: HTTP %s\\n' "$1" "$2"; {{log}}; {{complaints}}; exit 1; }

                            look
                            if ! pending; then
                              before=$(loaded)
                              reply=$(rest 10 "$me" 'POST /reload' '')
                              clock; until=$(( clock + {{reload}} ))
                              while :; do
                                after=$(loaded)
                                look
                                if pending; then break; fi
                                if [ -n "$before" ] && [ -n "$after" ] && [ "$after" != "$before" ]; then exit 0; fi
                                clock
                                if [ $clock -ge $until ]; then
                                  [ -n "$before" ] || exit 0
                                  fail 'PostgreSQL has not read its configuration again for {{reload}} s' "$reply"
                                fi
                                sleep 0.2
                              done
                            fi
                            asked=$count
                            case $patroni in yes) body='{"restart_pending": true}' ;; *) body='{}' ;; esac
                            reply=$(rest 600 "$me" 'POST /restart' "$body")
                            clock; until=$(( clock + 60 ))
                            while :; do
                              look
                              if [ "$patroni" = no ] && [ "${count:-${asked:-0}}" = 0 ]; then exit 0; fi
                              clock
                              [ $clock -lt $until ] || fail 'PostgreSQL did not restart' "$reply"
                              sleep 0.2
                            done
                            """)
                                        .value("address", node.address())
                                        .value("reload", reload.toSeconds())
                                        .part("log", ServerLog.TAIL)
                                        .part("complaints", ServerLog.COMPLAINTS)
                                        .render())
                        .stdin(login)
                        .timeout(Duration.ofMinutes(15))
                        .build(),
                MemberStatus.NOBODY);
    }
}
