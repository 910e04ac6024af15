package io.pgha.patroni.component;

import io.pgha.Problem;
import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.host.Script;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import io.pgha.spi.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A PostgreSQL server that runs with what was asked for ({@link InForce}): the proof, after every change, that it has come to that.
 * What is not in force is a difference, whether this run caused it or not; Patroni is asked to write and reload everything once
 * more, and what that does not cure fails the run with its reasons. Immutable and thread-safe.
 */
final class InForceResource implements Resource {
    static final String ID = "patroni:in-force";

    private final ClusterConfig config;
    private final Node node;
    private final String login;
    private final String sql;
    private final InForce inForce;
    private final Probe probe;

    InForceResource(PlanContext context, Node node) {
        this.config = context.config();
        this.node = node;
        this.login = RestCall.login(context);
        this.sql = MemberStatus.sql(context, node);
        this.inForce = new InForce(context, node);
        this.probe = new Probe(ID, MemberStatus.script(context, node), MemberStatus.NOBODY);
    }

    /** Returns the notification of those who change something that must come into force. */
    static Notification notification(Notification.Reach reach) {
        return new Notification(ID, Reaction.RELOAD, reach);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String title() {
        return "make sure that PostgreSQL runs with what was asked for";
    }

    @Override
    public Volatility volatility() {
        return Volatility.TRANSIENT;
    }

    @Override
    public Probe probe() {
        return probe;
    }

    /** A change of the dynamic configuration that is still to come may be all that is missing. */
    @Override
    public Optional<Change> diff(Observation observation) {
        MemberStatus status = MemberStatus.parse(observation.text());
        List<String> reasons = inForce.judge(status).stream()
                .filter(shortfall -> shortfall.taken() || observation.triggers().isEmpty())
                .map(Shortfall::what)
                .toList();
        if (!reasons.isEmpty()) {
            return Optional.of(
                    Change.of(String.join("; ", reasons), status.report().isPresent() ? Impact.RELOAD : Impact.NONE));
        }
        return observation.triggers().isEmpty()
                ? Optional.empty()
                : Optional.of(Change.of(
                        observation.triggers().stream()
                                .map(Trigger::cause)
                                .distinct()
                                .collect(Collectors.joining(", ")),
                        Impact.NONE));
    }

    /**
     * All that could be waited for has been ({@link InForceRolling}). What is not in force then may be a file that somebody changed,
     * or a reload that was lost: Patroni writes and reloads everything when it is asked to, in its next round.
     */
    @Override
    public Command act(Observation observation) {
        Command.Builder command = Command.builder().settle(ID, MemberStatus.SERVES);
        if (inForce.judge(MemberStatus.parse(observation.text())).isEmpty()) {
            return command.script(":").build();
        }
        Duration rounds = config.patroni().loopWait().multipliedBy(2).plusSeconds(10);
        return command.script(RestCall.prelude(config)
                        + sql
                        + Script.of("""
                            loaded() { sql 'select pg_conf_load_time()' || :; }
                            before=$(loaded)
                            reply=$(rest 10 {{address}} 'POST /reload' '')
                            until=$(( $(date +%s) + {{rounds}} ))
                            while after=$(loaded); [ -z "$after" ] || [ "$after" = "$before" ]; do
                              if [ $(date +%s) -ge $until ]; then
                                printf 'PostgreSQL has not read its configuration again for {{rounds}} s; Patroni answered: HTTP %s\\n' "$reply"
                                break
                              fi
                              sleep 0.2
                            done
                            """)
                                .value("address", node.address())
                                .value("rounds", rounds.toSeconds())
                                .render())
                .stdin(login)
                .timeout(rounds.plusSeconds(60))
                .build();
    }

    @Override
    public Optional<Problem> unmet(Node on, Observation observation) {
        List<Shortfall> left = inForce.judge(MemberStatus.parse(observation.text()));
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.on(
                        on.name(),
                        "postgres.not-in-force",
                        "What was asked for is not what PostgreSQL runs with: "
                                + left.stream().map(Shortfall::what).collect(Collectors.joining("; ")),
                        left.stream().map(Shortfall::remedy).distinct().collect(Collectors.joining(" "))
                                + " Then plan and apply again: what is done stays done."));
    }
}
