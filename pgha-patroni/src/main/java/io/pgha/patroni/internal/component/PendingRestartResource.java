package io.pgha.patroni.internal.component;

import io.pgha.host.Probe;
import io.pgha.model.Node;
import io.pgha.patroni.internal.protocol.Rounds;
import io.pgha.patroni.internal.server.MemberStatus;
import io.pgha.patroni.internal.work.RestWork;
import io.pgha.patroni.internal.work.RestartWork;
import io.pgha.patroni.internal.work.ServerReload;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.PlanContext;
import io.pgha.spi.Resource;
import io.pgha.spi.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A PostgreSQL server that runs with the parameters that it has been given: where a restart is pending, Patroni is
 * asked for one, which keeps the leader the leader.
 *
 * <p>Where limits shrink that a replica has to have as much of as its leader, a replica may have to wait for its
 * leader, or to restart once more behind it: each {@link RestartTurn} has a resource of its own.
 *
 * <p>Both are asked. Patroni alone knows of limits that were forced on a replica; but before 3.3 it looks at
 * PostgreSQL's list only once, a second after a reload, and where the server is slower than that, a restart goes unseen
 * until the next change. PostgreSQL's list is not asked where the superuser has another name than {@code postgres}.
 * Immutable and thread-safe.
 */
final class PendingRestartResource implements Resource {
    private final RestartTurn turn;
    private final NextStart next;
    private final Probe probe;
    private final RestartWork restart;
    private final RestWork rest;

    PendingRestartResource(PlanContext context, Node node, RestartTurn turn, RestWork rest) {
        this.turn = turn;
        this.next = new NextStart(context);
        this.probe = new Probe(turn.id(), MemberStatus.script(context, node), MemberStatus.NOBODY);
        this.restart = new RestartWork(
                probe,
                new ServerReload(context, node),
                status -> turn.isDue(status, next.change(status)),
                Rounds.patience(context.config().patroni().loopWait()));
        this.rest = rest;
    }

    @Override
    public String id() {
        return turn.id();
    }

    @Override
    public String title() {
        return turn.title();
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
        if (!turn.takes(status, next.change(status))) {
            return Optional.empty();
        }
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

    /** Patroni has taken the change over when this runs ({@link RestartRolling}). */
    @Override
    public Act act(Observation observation) {
        String role = MemberStatus.parse(observation.text()).role();
        return Act.inJava(rest.of(restart::restart), MemberStatus.serving(role, next.limits()));
    }
}
