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
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import java.time.Duration;
import java.util.Optional;

/**
 * A member whose PostgreSQL is up. A new replica copies all data first, however long that takes: the wait goes on as long as
 * the data directory grows, and is given up soon after it stops doing so.
 *
 * <p>The leader makes a slot for a new replica in its next round, up to ten seconds later, and the replica that finds none tries
 * again only after five. So while the replica still copies, the others are woken, by a change of the dynamic configuration
 * that changes nothing. Immutable and thread-safe.
 */
final class ReadyResource implements Resource {
    static final String ID = "patroni:ready";
    private static final Duration STANDSTILL = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofDays(2);

    private final ClusterConfig config;
    private final Node node;
    private final String dataDirectory;
    private final String login;
    private final Probe probe;

    ReadyResource(PlanContext context, Node node) {
        this.config = context.config();
        this.node = node;
        this.dataDirectory = PatroniLayout.dataDirectory(context, node);
        this.login = RestCall.login(context);
        this.probe = new Probe(ID, MemberStatus.script(context, node), MemberStatus.NOBODY);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "wait until PostgreSQL is up";
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
        String state = MemberStatus.parse(observation.text()).state();
        return state.equals("running")
                ? Optional.empty()
                : Optional.of(Change.of(
                        state.isEmpty() ? "Patroni does not answer" : "PostgreSQL is: " + state, Impact.NONE));
    }

    @Override
    public Act.OnHost act(Observation observation) {
        return Act.onHost(
                Command.builder()
                        .script(RestCall.prelude(config)
                                + ShellClock.DEFINITION
                                + check()
                                + Script.of("""
                            woken=
                            wake() {
                              for address in {{addresses}}; do rest 5 "$address" 'PATCH /config' '{"pgha-wake":null}' >/dev/null; done
                              woken=yes
                            }
                            clock; most=0 until=$(( clock + {{standstill}} )) look=0
                            until up; do
                              case $woken$why in 'PostgreSQL is: creating replica') wake ;; esac
                              clock
                              if [ $clock -ge $look ]; then
                                look=$(( clock + 5 ))
                                size=$(du -sk {{data}} 2>/dev/null | cut -f1)
                                [ "${size:-0}" -le $most ] || { most=$size; until=$(( clock + {{standstill}} )); }
                              fi
                              if [ $clock -ge $until ]; then
                                printf 'PostgreSQL is not up, and nothing has moved for {{standstill}} s: %s\\n' "$why"
                                echo 'Last lines of the journal of patroni:'
                                journalctl -u patroni -n 20 --no-pager -o cat
                                {{log}}
                                exit 1
                              fi
                              sleep 0.2
                            done
                            """)
                                        .value("standstill", STANDSTILL.toSeconds())
                                        .value("data", dataDirectory)
                                        .words("addresses", PatroniLayout.addresses(config))
                                        .part("log", ServerLog.TAIL)
                                        .render())
                        .stdin(login)
                        .timeout(LIMIT)
                        .build(),
                MemberStatus.SERVES);
    }

    /** Defines {@code up}, which says in {@code why} what is missing. */
    private String check() {
        return Script.of("""
            up() {
              answer=$({{request}})
              case $answer in
                200*) return 0 ;;
                000*) unit=$(systemctl is-active patroni) && why='Patroni does not answer yet' || why="patroni is $unit" ;;
                *) why=$(printf %s "$answer" | sed -n 's/.*"state": *"\\([^"]*\\)".*/PostgreSQL is: \\1/p') ;;
              esac
              return 1
            }
            """)
                .part("request", PatroniLayout.get(config, node, "/health"))
                .render();
    }
}
