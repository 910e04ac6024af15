package io.pgha.patroni;

import io.pgha.Given;
import io.pgha.client.Async;
import io.pgha.patroni.config.ConfigEdit;
import io.pgha.patroni.config.ConfigPreview;
import io.pgha.patroni.config.ConfigRefusedException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.config.EditConfigResult;
import io.pgha.patroni.internal.config.PreparedEdit;
import io.pgha.patroni.internal.operation.DsnOperation;
import io.pgha.patroni.internal.operation.EditConfigOperation;
import io.pgha.patroni.internal.operation.FlushOperation;
import io.pgha.patroni.internal.operation.HealthOperation;
import io.pgha.patroni.internal.operation.HeldPause;
import io.pgha.patroni.internal.operation.Interruptions;
import io.pgha.patroni.internal.operation.MetricsOperation;
import io.pgha.patroni.internal.operation.Overridden;
import io.pgha.patroni.internal.operation.PauseOperation;
import io.pgha.patroni.internal.operation.QueryOperation;
import io.pgha.patroni.internal.operation.ReinitOperation;
import io.pgha.patroni.internal.operation.ReloadOperation;
import io.pgha.patroni.internal.operation.RemoveOperation;
import io.pgha.patroni.internal.operation.RestartOperation;
import io.pgha.patroni.internal.operation.RollingRestartOperation;
import io.pgha.patroni.internal.operation.StandbyClusterOperation;
import io.pgha.patroni.internal.operation.VersionOperation;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.HistoryDocument;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Engine;
import io.pgha.patroni.internal.rest.Members;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.rest.Threads;
import io.pgha.patroni.internal.rest.Tls;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.watch.Watching;
import io.pgha.patroni.operation.DemoteCluster;
import io.pgha.patroni.operation.Failover;
import io.pgha.patroni.operation.FailoverRefusedException;
import io.pgha.patroni.operation.FailoverResult;
import io.pgha.patroni.operation.FlushRestart;
import io.pgha.patroni.operation.HealthProbe;
import io.pgha.patroni.operation.HealthResult;
import io.pgha.patroni.operation.MemberResult;
import io.pgha.patroni.operation.OperationFailedException;
import io.pgha.patroni.operation.Pause;
import io.pgha.patroni.operation.PauseResult;
import io.pgha.patroni.operation.PauseScope;
import io.pgha.patroni.operation.PromoteCluster;
import io.pgha.patroni.operation.Reinit;
import io.pgha.patroni.operation.ReinitResult;
import io.pgha.patroni.operation.Reload;
import io.pgha.patroni.operation.Remove;
import io.pgha.patroni.operation.RemoveResult;
import io.pgha.patroni.operation.Restart;
import io.pgha.patroni.operation.RollingRestart;
import io.pgha.patroni.operation.RollingRestartResult;
import io.pgha.patroni.operation.StandbyClusterResult;
import io.pgha.patroni.operation.Switchover;
import io.pgha.patroni.operation.SwitchoverRefusedException;
import io.pgha.patroni.operation.SwitchoverResult;
import io.pgha.patroni.query.Dsn;
import io.pgha.patroni.query.Query;
import io.pgha.patroni.query.QueryFailedException;
import io.pgha.patroni.query.QueryResult;
import io.pgha.patroni.view.ClusterHistory;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberVersion;
import io.pgha.patroni.view.Metrics;
import io.pgha.patroni.view.ScheduledSwitchover;
import io.pgha.patroni.watch.ClusterListener;
import io.pgha.patroni.watch.Watch;
import io.pgha.patroni.watch.WatchOptions;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A client of one Patroni cluster, by its REST API.
 *
 * <p>Any reachable member serves; one that does not answer delays a call by a fraction of a second, and is asked last
 * for half a minute. Every call has a deadline that covers the whole answer. Each operation is a blocking method that
 * can be interrupted, with a twin that returns a future; cancelling that future interrupts the operation. A future's
 * own callbacks run on a thread of the client.
 *
 * <p>What can interrupt the service (switchover, failover, restarts, reinit, pause, demotion and promotion, and
 * configuration that does or needs one of them) is refused while maintenance is closed, with
 * {@link io.pgha.run.MaintenanceClosedException}; {@code override(reason)} and {@code atNextOpening()} of each say
 * otherwise.
 *
 * <p>Thread-safe. Opened with {@link Patroni#client}; its threads are daemons named {@code pgha-patroni-…} and end with
 * {@link #close()}.
 */
public final class PatroniClient implements AutoCloseable {
    private final Engine engine;
    private final Threads threads;
    private final Async async;

    private final Rest rest;
    private final ClusterReader reader;
    private final Access access;
    private final Interruptions interruptions;

    private final PatroniClientOptions options;
    private final Tls tls;
    private final Backing backing;

    PatroniClient(PatroniClientOptions options, Timing timing, Runnable afterClose) {
        this(options, timing, new Backing(Optional.empty(), Optional.empty(), Optional.empty(), afterClose));
    }

    PatroniClient(PatroniClientOptions options, Timing timing, Backing backing) {
        this(options, timing, backing, Engine.own());
    }

    PatroniClient(PatroniClientOptions options, Timing timing, Backing backing, Engine engine) {
        this.engine = engine;
        this.threads = engine.threads();
        this.async = new Async(threads.operations(), Rest::closedException);
        this.options = options;
        this.backing = backing;
        this.tls = Tls.of(options);
        Members members = new Members(options, endpoint -> new Channel(endpoint, options, tls, engine));
        this.rest = new Rest(options, members);
        this.reader = new ClusterReader(rest, timing);
        MaintenanceGate gate = options.maintenance();
        this.access = new Access(rest, reader, timing, gate.pass("An operation", WhenClosed.refuse()));
        this.interruptions = new Interruptions(gate, access);
    }

    /**
     * Returns the cluster as a member sees it now. Does network I/O and blocks, at most for
     * {@link PatroniClientOptions#requestTimeout()}.
     *
     * @return the members, the leader and what is scheduled
     * @throws PatroniException {@code patroni.unreachable}, {@code patroni.tls}, {@code patroni.dcs-unavailable},
     *     {@code patroni.unauthorized} or {@code patroni.bad-answer} when no member gives a usable answer, with every
     *     member's reason
     * @throws InterruptedException when the thread is interrupted
     */
    public ClusterView view() throws InterruptedException {
        return reader.view();
    }

    /**
     * Returns the cluster as a member sees it now, later; the twin of {@link #view()}.
     *
     * @return completes with the view, or with the exception that {@link #view()} would throw
     */
    public CompletableFuture<ClusterView> viewAsync() {
        return async.call(this::view);
    }

    /**
     * Moves the leader's role to another member, in order: the leader stops cleanly first, so no commit is lost. Does
     * network I/O and blocks, at most for the two limits of {@link Switchover}.
     *
     * <p>The request is sent once, never again. When its answer is lost, the cluster is watched until it shows what
     * happened. Returns when the new leader accepts writes and, unless {@link Switchover#awaitReplicas()} is zero, the
     * former one replicates from it or that limit has passed. Interrupting stops the waiting, not a switchover that
     * Patroni has begun.
     *
     * @param switchover says where to; unchanged it moves to the best candidate now
     * @return what happened
     * @throws SwitchoverRefusedException {@code patroni.switchover-refused}: it did not happen, with what speaks
     *     against each replica
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was asked for, and whether it happens is
     *     unknown
     * @throws PatroniException {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes of
     *     {@link #view()}: it was not asked for
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public SwitchoverResult switchover(UnaryOperator<Switchover.Builder> switchover) throws InterruptedException {
        Switchover wanted =
                Given.completed(Switchover.builder(), switchover, "switchover").build();
        return interruptions.switchover(wanted);
    }

    /**
     * Moves the leader's role to another member, later; the twin of {@link #switchover}. Cancelling the future stops
     * the waiting, not a switchover that Patroni has begun.
     *
     * @param switchover says where to; unchanged it moves to the best candidate now
     * @return completes with what happened, or with the exception that {@link #switchover} would throw
     */
    public CompletableFuture<SwitchoverResult> switchoverAsync(UnaryOperator<Switchover.Builder> switchover) {
        return async.call(() -> switchover(switchover));
    }

    /**
     * Makes another member the leader, whether or not there is one now. Does network I/O and blocks, at most for
     * {@link Failover#timeout()}. Where the leader is healthy, {@link #switchover} is the orderly way.
     *
     * @param failover names the member that shall lead
     * @return what happened
     * @throws FailoverRefusedException {@code patroni.failover-refused}: it did not happen, with what speaks against
     *     each replica
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was asked for, and whether it happens is
     *     unknown
     * @throws PatroniException the codes of {@link #view()}, {@code patroni.unsupported}: it was not asked for
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public FailoverResult failover(UnaryOperator<Failover.Builder> failover) throws InterruptedException {
        Failover wanted =
                Given.completed(Failover.builder(), failover, "failover").build();
        return interruptions.failover(wanted);
    }

    /**
     * Makes another member the leader, later; the twin of {@link #failover}.
     *
     * @param failover names the member that shall lead
     * @return completes with what happened, or with the exception that {@link #failover} would throw
     */
    public CompletableFuture<FailoverResult> failoverAsync(UnaryOperator<Failover.Builder> failover) {
        return async.call(() -> failover(failover));
    }

    /**
     * Restarts PostgreSQL on members, one after the other, replicas first; or has Patroni do it later. Does network I/O
     * and blocks, at most for {@link Restart#limit()} a member. It does not look at the replication in between:
     * {@link #rollingRestart} does. Interrupting stops the waiting, not a restart that has begun.
     *
     * @param restart says whose, when and on what conditions; unchanged it restarts all members now
     * @return how it ended on each member: done, scheduled, or skipped where a condition was not met
     * @throws OperationFailedException {@code patroni.operation-failed}: on a member it was not done; it tells of all
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: on a member it cannot be said
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, {@code patroni.paused},
     *     and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> restart(UnaryOperator<Restart.Builder> restart) throws InterruptedException {
        Restart wanted = Given.completed(Restart.builder(), restart, "restart").build();
        Interruptions.Work<List<MemberResult>> work = passed -> new RestartOperation(passed, wanted).run();
        return wanted.at().isPresent()
                ? interruptions.later("The restart", wanted, wanted.at().get(), work, Overridden::because)
                : interruptions.now("The restart", wanted, work, Overridden::because);
    }

    /**
     * Restarts PostgreSQL on members, later; the twin of {@link #restart}.
     *
     * @param restart says whose, when and on what conditions
     * @return completes with how it ended on each member, or with the exception that {@link #restart} would throw
     */
    public CompletableFuture<List<MemberResult>> restartAsync(UnaryOperator<Restart.Builder> restart) {
        return async.call(() -> restart(restart));
    }

    /**
     * Restarts PostgreSQL on all members, one at a time, with the whole replication in order before each: replicas
     * first and the leader last, or the leader first where a limit such as {@code max_connections} shrinks; where one
     * shrinks and another grows, replicas restart once more behind the leader. Stops at the first member that does not
     * come back in order. Does network I/O and blocks, for the limits of {@link RollingRestart}.
     *
     * @param restart says which members and what to do with the leader; unchanged it restarts all, the leader in place
     * @return each restart in its order, and why in that order
     * @throws OperationFailedException {@code patroni.operation-failed}: it stopped; it tells what was done and what
     *     was left
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it stopped where a restart's end cannot be said
     * @throws PatroniException {@code patroni.paused}, {@code patroni.no-leader}, {@code patroni.unauthorized}, and the
     *     codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted; a restart that has begun goes on
     */
    public RollingRestartResult rollingRestart(UnaryOperator<RollingRestart.Builder> restart)
            throws InterruptedException {
        RollingRestart wanted =
                Given.completed(RollingRestart.builder(), restart, "restart").build();
        return interruptions.now(
                "The rolling restart",
                wanted,
                interruptions.alone(passed -> new RollingRestartOperation(passed, wanted).run()),
                Overridden::because);
    }

    /**
     * Restarts PostgreSQL on all members, one at a time, later; the twin of {@link #rollingRestart}.
     *
     * @param restart says which members and what to do with the leader
     * @return completes with each restart, or with the exception that {@link #rollingRestart} would throw
     */
    public CompletableFuture<RollingRestartResult> rollingRestartAsync(UnaryOperator<RollingRestart.Builder> restart) {
        return async.call(() -> rollingRestart(restart));
    }

    /**
     * Has members read their configuration files again. Does network I/O and blocks briefly. Patroni does it in its
     * next round; what comes of it is in its log only.
     *
     * @param reload says which members; unchanged all
     * @return how it was taken by each member
     * @throws OperationFailedException {@code patroni.operation-failed}: a member did not take it; the others did
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: a member's answer was lost; asking again does no
     *     harm
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, and the codes of
     *     {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> reload(UnaryOperator<Reload.Builder> reload) throws InterruptedException {
        return new ReloadOperation(
                        access,
                        Given.completed(Reload.builder(), reload, "reload").build())
                .run();
    }

    /**
     * Has members read their configuration files again, later; the twin of {@link #reload}.
     *
     * @param reload says which members
     * @return completes with how it was taken, or with the exception that {@link #reload} would throw
     */
    public CompletableFuture<List<MemberResult>> reloadAsync(UnaryOperator<Reload.Builder> reload) {
        return async.call(() -> reload(reload));
    }

    /**
     * Throws a replica's data away and copies it anew. Does network I/O and blocks, at most for {@link Reinit#await()}.
     * Interrupting stops the waiting, not the copying.
     *
     * @param reinit names the replica
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: it was not begun; the leader is always refused
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was
     *     lost
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unsupported},
     *     {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public ReinitResult reinit(UnaryOperator<Reinit.Builder> reinit) throws InterruptedException {
        Reinit wanted = Given.completed(Reinit.builder(), reinit, "reinit").build();
        return interruptions.now(
                "The reinitialization of " + Text.printable(wanted.member().orElseThrow()),
                wanted,
                passed -> new ReinitOperation(passed, wanted).run(),
                Overridden::because);
    }

    /**
     * Throws a replica's data away and copies it anew, later; the twin of {@link #reinit}.
     *
     * @param reinit names the replica
     * @return completes with what happened, or with the exception that {@link #reinit} would throw
     */
    public CompletableFuture<ReinitResult> reinitAsync(UnaryOperator<Reinit.Builder> reinit) {
        return async.call(() -> reinit(reinit));
    }

    /**
     * Calls off members' scheduled restarts. Does network I/O and blocks briefly.
     *
     * @param flush says whose; unchanged everybody's
     * @return how it ended on each member; skipped where none was scheduled
     * @throws OperationFailedException {@code patroni.operation-failed}: a member still has one, or could not be asked
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: a member's answer was lost, and it gives no
     *     other
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, and the codes of
     *     {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> flushRestart(UnaryOperator<FlushRestart.Builder> flush) throws InterruptedException {
        return new FlushOperation(access)
                .restarts(
                        Given.completed(FlushRestart.builder(), flush, "flush").build());
    }

    /**
     * Calls off members' scheduled restarts, later; the twin of {@link #flushRestart}.
     *
     * @param flush says whose
     * @return completes with how it ended, or with the exception that {@link #flushRestart} would throw
     */
    public CompletableFuture<List<MemberResult>> flushRestartAsync(UnaryOperator<FlushRestart.Builder> flush) {
        return async.call(() -> flushRestart(flush));
    }

    /**
     * Calls off the scheduled switchover. Does network I/O and blocks briefly.
     *
     * @return what was called off, or empty where none was scheduled
     * @throws OperationFailedException {@code patroni.operation-failed}: it is still scheduled
     * @throws PatroniException {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public Optional<ScheduledSwitchover> flushSwitchover() throws InterruptedException {
        return new FlushOperation(access).switchover();
    }

    /**
     * Calls off the scheduled switchover, later; the twin of {@link #flushSwitchover}.
     *
     * @return completes with what was called off, or with the exception that {@link #flushSwitchover} would throw
     */
    public CompletableFuture<Optional<ScheduledSwitchover>> flushSwitchoverAsync() {
        return async.call(this::flushSwitchover);
    }

    /**
     * Turns maintenance mode on: Patroni neither fails over nor starts or stops PostgreSQL by itself. Does network I/O
     * and blocks, at most for {@link Pause#await()} after Patroni has taken it. {@link #pauseScope} ends it by itself.
     *
     * @param pause says how long to wait
     * @return whether it was off before, and who has recognized it
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it, or a member has not
     *     recognized it in time (the cluster is paused then)
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: the answer was lost, and the cluster cannot be
     *     seen
     * @throws PatroniException {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseResult pause(UnaryOperator<Pause.Builder> pause) throws InterruptedException {
        Pause wanted = Given.completed(Pause.builder(), pause, "pause").build();
        return interruptions.now(
                "A pause, which leaves nobody to take over,",
                wanted,
                passed -> pauseOperation(wanted, PauseOperation.Mode.PAUSED),
                Overridden::because);
    }

    /**
     * Turns maintenance mode on, later; the twin of {@link #pause}.
     *
     * @param pause says how long to wait
     * @return completes with what came of it, or with the exception that {@link #pause} would throw
     */
    public CompletableFuture<PauseResult> pauseAsync(UnaryOperator<Pause.Builder> pause) {
        return async.call(() -> pause(pause));
    }

    /**
     * Turns maintenance mode on for the length of a {@code try} block: {@code try (PauseScope paused =
     * patroni.pauseScope(p -> p)) { … }}. Where it cannot be turned on for all members it is turned off again. Does
     * network I/O and blocks as {@link #pause} does.
     *
     * @param pause says how long to wait, for the pause and for its end
     * @return the scope; close it with this client still open
     * @throws PatroniException as {@link #pause}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseScope pauseScope(UnaryOperator<Pause.Builder> pause) throws InterruptedException {
        Pause wanted = Given.completed(Pause.builder(), pause, "pause").build();
        return interruptions.now(
                "A pause, which leaves nobody to take over,",
                wanted,
                passed -> HeldPause.open(
                        options -> pauseOperation(options, PauseOperation.Mode.PAUSED),
                        () -> async.call(() -> pauseOperation(wanted, PauseOperation.Mode.RESUMED)),
                        wanted),
                HeldPause::because);
    }

    /**
     * Turns maintenance mode off. Does network I/O and blocks, at most for {@link Pause#await()} after Patroni has
     * taken it.
     *
     * @param resume says how long to wait
     * @return whether it was on before, and who has recognized it
     * @throws OperationFailedException as {@link #pause}
     * @throws OutcomeUnknownException as {@link #pause}
     * @throws PatroniException as {@link #pause}
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseResult resume(UnaryOperator<Pause.Builder> resume) throws InterruptedException {
        return pauseOperation(Given.completed(Pause.builder(), resume, "resume").build(), PauseOperation.Mode.RESUMED);
    }

    /**
     * Turns maintenance mode off, later; the twin of {@link #resume}.
     *
     * @param resume says how long to wait
     * @return completes with what came of it, or with the exception that {@link #resume} would throw
     */
    public CompletableFuture<PauseResult> resumeAsync(UnaryOperator<Pause.Builder> resume) {
        return async.call(() -> resume(resume));
    }

    /**
     * Makes a primary cluster follow another one (Patroni 4.1 and later). Does network I/O and blocks, at most for
     * {@link DemoteCluster#timeout()}.
     *
     * @param demote says what to follow
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was
     *     lost
     * @throws PatroniException {@code patroni.unsupported}, {@code patroni.no-leader}, {@code patroni.unauthorized},
     *     and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public StandbyClusterResult demoteCluster(UnaryOperator<DemoteCluster.Builder> demote) throws InterruptedException {
        DemoteCluster wanted =
                Given.completed(DemoteCluster.builder(), demote, "demote").build();
        return interruptions.now(
                "The cluster's demotion",
                wanted,
                interruptions.alone(passed -> StandbyClusterOperation.demote(passed, wanted)),
                Overridden::because);
    }

    /**
     * Makes a primary cluster follow another one, later; the twin of {@link #demoteCluster}.
     *
     * @param demote says what to follow
     * @return completes with what happened, or with the exception that {@link #demoteCluster} would throw
     */
    public CompletableFuture<StandbyClusterResult> demoteClusterAsync(UnaryOperator<DemoteCluster.Builder> demote) {
        return async.call(() -> demoteCluster(demote));
    }

    /**
     * Makes a standby cluster a primary one. Does network I/O and blocks, at most for {@link PromoteCluster#timeout()}.
     * Works on every version, though {@code patronictl} has a command for it from 4.1 on only.
     *
     * @param promote says how long to wait
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was
     *     lost
     * @throws PatroniException {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes of
     *     {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public StandbyClusterResult promoteCluster(UnaryOperator<PromoteCluster.Builder> promote)
            throws InterruptedException {
        PromoteCluster wanted =
                Given.completed(PromoteCluster.builder(), promote, "promote").build();
        return interruptions.now(
                "The cluster's promotion",
                wanted,
                interruptions.alone(passed -> StandbyClusterOperation.promote(passed, wanted)),
                Overridden::because);
    }

    /**
     * Makes a standby cluster a primary one, later; the twin of {@link #promoteCluster}.
     *
     * @param promote says how long to wait
     * @return completes with what happened, or with the exception that {@link #promoteCluster} would throw
     */
    public CompletableFuture<StandbyClusterResult> promoteClusterAsync(UnaryOperator<PromoteCluster.Builder> promote) {
        return async.call(() -> promoteCluster(promote));
    }

    /**
     * Returns the versions of Patroni and PostgreSQL on every member. Does network I/O and blocks briefly.
     *
     * @return one entry a member; one that gives no answer has the reason
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberVersion> version() throws InterruptedException {
        return VersionOperation.run(access);
    }

    /**
     * Returns the versions of Patroni and PostgreSQL on every member, later; the twin of {@link #version()}.
     *
     * @return completes with the versions, or with the exception that {@link #version()} would throw
     */
    public CompletableFuture<List<MemberVersion>> versionAsync() {
        return async.call(this::version);
    }

    /**
     * Asks members for a health check, as a load balancer does. Does network I/O and blocks, at most for
     * {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param probe says which check of which members; unchanged {@code /health} of all
     * @return one answer a member; one that gives none does not pass
     * @throws PatroniException {@code patroni.unsupported} where a member's Patroni does not know the check,
     *     {@code patroni.no-such-member}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<HealthResult> health(UnaryOperator<HealthProbe.Builder> probe) throws InterruptedException {
        return new HealthOperation(
                        access,
                        Given.completed(HealthProbe.builder(), probe, "probe").build())
                .run();
    }

    /**
     * Asks members for a health check, later; the twin of {@link #health}.
     *
     * @param probe says which check of which members
     * @return completes with the answers, or with the exception that {@link #health} would throw
     */
    public CompletableFuture<List<HealthResult>> healthAsync(UnaryOperator<HealthProbe.Builder> probe) {
        return async.call(() -> health(probe));
    }

    /**
     * Returns what a member measures. Does network I/O and blocks, at most for
     * {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param member the member's name
     * @return its metrics
     * @throws PatroniException {@code patroni.no-such-member}, and the codes of {@link #view()}, of this one member
     * @throws InterruptedException when the thread is interrupted
     */
    public Metrics metrics(String member) throws InterruptedException {
        Given.value(member, "member");
        return MetricsOperation.run(access, member);
    }

    /**
     * Returns what a member measures, later; the twin of {@link #metrics}.
     *
     * @param member the member's name
     * @return completes with its metrics, or with the exception that {@link #metrics} would throw
     */
    public CompletableFuture<Metrics> metricsAsync(String member) {
        return async.call(() -> metrics(member));
    }

    private PauseResult pauseOperation(Pause wanted, PauseOperation.Mode mode) throws InterruptedException {
        return new PauseOperation(access, wanted, mode).run();
    }

    /**
     * Returns the dynamic configuration, as {@code patronictl show-config} does: from the DCS where the client has a
     * way to it, else from a member. Does network I/O and blocks, at most for
     * {@link PatroniClientOptions#requestTimeout()}.
     *
     * @return the configuration
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public DynamicConfig showConfig() throws InterruptedException {
        rest.checkOpen();
        return edits().show();
    }

    /**
     * Returns the dynamic configuration, later; the twin of {@link #showConfig()}.
     *
     * @return completes with the configuration, or with the exception that {@link #showConfig()} would throw
     */
    public CompletableFuture<DynamicConfig> showConfigAsync() {
        return async.call(this::showConfig);
    }

    /**
     * Says what an edit of the dynamic configuration would change and do, and changes nothing. Does network I/O and
     * blocks, at most for twice {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param edit says what shall change
     * @return the difference, its impact, and what is wrong with it
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public ConfigPreview previewConfig(UnaryOperator<ConfigEdit.Builder> edit) throws InterruptedException {
        ConfigEdit wanted = Given.completed(ConfigEdit.builder(), edit, "edit").build();
        rest.checkOpen();
        return edits().prepare(wanted);
    }

    /**
     * Says what an edit would change, later; the twin of {@link #previewConfig}.
     *
     * @param edit says what shall change
     * @return completes with the preview, or with the exception that {@link #previewConfig} would throw
     */
    public CompletableFuture<ConfigPreview> previewConfigAsync(UnaryOperator<ConfigEdit.Builder> edit) {
        return async.call(() -> previewConfig(edit));
    }

    /**
     * Changes the dynamic configuration, as {@code patronictl edit-config} does, and waits for the members to take it
     * over. Does network I/O and blocks.
     *
     * <p>What Patroni would silently change or ignore is refused. With a way to the DCS (a client of a cluster that
     * pgha describes, with the etcd component installed) the change is written by compare-and-set, and made again of
     * the newer configuration where somebody else was faster. Without it Patroni merges the change itself, and what it
     * then reports is compared with what was asked for. A change that needs a restart of PostgreSQL restarts nothing:
     * the result says who waits for one. Such a change, a pause and one of {@code standby_cluster} are refused while
     * maintenance is closed, as the operations are that do the same.
     *
     * <p>A client of a cluster that pgha describes also asks PostgreSQL of every member whether it could read what
     * Patroni wrote: what only a server can judge, such as a regular expression in {@code pg_hba}, is among the
     * result's complaints.
     *
     * @param edit says what shall change
     * @return what was changed, what waits for a restart, and what PostgreSQL complains of
     * @throws ConfigRefusedException {@code patroni.config-refused}: it was not sent, with every reason
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was sent, and whether it was stored is
     *     unknown
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not sent
     * @throws PatroniException {@code patroni.config-conflict} when others keep changing it,
     *     {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public EditConfigResult editConfig(UnaryOperator<ConfigEdit.Builder> edit) throws InterruptedException {
        ConfigEdit wanted = Given.completed(ConfigEdit.builder(), edit, "edit").build();
        rest.checkOpen();
        return edits().run(wanted);
    }

    /**
     * Changes the dynamic configuration, later; the twin of {@link #editConfig(UnaryOperator)}.
     *
     * @param edit says what shall change
     * @return completes with what was changed, or with the exception that {@link #editConfig(UnaryOperator)} would
     *     throw
     */
    public CompletableFuture<EditConfigResult> editConfigAsync(UnaryOperator<ConfigEdit.Builder> edit) {
        return async.call(() -> editConfig(edit));
    }

    /**
     * Changes the dynamic configuration exactly as a preview showed it, or not at all; see
     * {@link #editConfig(UnaryOperator)}. By compare-and-set that is certain; by Patroni's REST API a change that
     * somebody else makes in the same moment is kept beside this one.
     *
     * @param preview what {@link #previewConfig} of this client returned
     * @return what was changed and what waits for a restart
     * @throws PatroniException {@code patroni.config-conflict} when the configuration is no longer what the preview was
     *     made of, and the codes of {@link #editConfig(UnaryOperator)}
     * @throws InterruptedException when the thread is interrupted
     */
    public EditConfigResult editConfig(ConfigPreview preview) throws InterruptedException {
        Given.value(preview, "preview");
        rest.checkOpen();
        return edits().run(PreparedEdit.of(preview));
    }

    /**
     * Changes the dynamic configuration as a preview showed it, later; the twin of {@link #editConfig(ConfigPreview)}.
     *
     * @param preview what {@link #previewConfig} of this client returned
     * @return completes with what was changed, or with the exception that {@link #editConfig(ConfigPreview)} would
     *     throw
     */
    public CompletableFuture<EditConfigResult> editConfigAsync(ConfigPreview preview) {
        return async.call(() -> editConfig(preview));
    }

    /**
     * Has the DCS forget the cluster, as {@code patronictl remove} does: configuration, history, who led. The databases
     * stay as they are; a Patroni that is started on them again takes them over with the configuration that it
     * remembers, so start the one that led last first, alone. Refused where Patroni runs, unless the leader is named;
     * nothing is removed where somebody writes there in the same moment. Does network I/O and blocks, at most a little
     * longer than {@link Remove#await()}.
     *
     * @param remove names the cluster, confirms it, and names the leader where there is one
     * @return what was removed
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: the DCS's answer was lost
     * @throws PatroniException {@code patroni.remove-refused}: it was not removed; {@code patroni.no-dcs}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not removed, because it runs
     * @throws io.pgha.PgHaException the codes of the DCS where it gives no answer
     * @throws InterruptedException when the thread is interrupted
     */
    public RemoveResult remove(UnaryOperator<Remove.Builder> remove) throws InterruptedException {
        Remove wanted = Given.completed(Remove.builder(), remove, "remove").build();
        rest.checkOpen();
        return new RemoveOperation(access, backing.store(), interruptions, wanted).run();
    }

    /**
     * Has the DCS forget the cluster, later; the twin of {@link #remove}.
     *
     * @param remove names the cluster, confirms it, and names the leader where there is one
     * @return completes with what was removed, or with the exception that {@link #remove} would throw
     */
    public CompletableFuture<RemoveResult> removeAsync(UnaryOperator<Remove.Builder> remove) {
        return async.call(() -> remove(remove));
    }

    /**
     * Returns the promotions that the cluster remembers, as {@code patronictl history} does. Does network I/O and
     * blocks, at most for {@link PatroniClientOptions#requestTimeout()}.
     *
     * @return the promotions, oldest first
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public ClusterHistory history() throws InterruptedException {
        return rest.first("/history", HistoryDocument::read, rest.oneRequest()).value();
    }

    /**
     * Returns the promotions that the cluster remembers, later; the twin of {@link #history()}.
     *
     * @return completes with the promotions, or with the exception that {@link #history()} would throw
     */
    public CompletableFuture<ClusterHistory> historyAsync() {
        return async.call(this::history);
    }

    /**
     * Returns where a member's PostgreSQL listens, as {@code patronictl dsn --role} does; of several replicas one that
     * replicates. Does network I/O and blocks, at most for {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param role the kind of member
     * @return the member's address
     * @throws PatroniException {@code patroni.no-such-member} where there is none of that kind, and the codes of
     *     {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public Dsn dsn(MemberSelector role) throws InterruptedException {
        Given.value(role, "role");
        ClusterView view = view();
        return DsnOperation.of(view, DsnOperation.select(view, Optional.empty(), role));
    }

    /**
     * Returns where PostgreSQL listens, later; the twin of {@link #dsn(MemberSelector)}.
     *
     * @param role the kind of member
     * @return completes with the address, or with the exception that {@link #dsn(MemberSelector)} would throw
     */
    public CompletableFuture<Dsn> dsnAsync(MemberSelector role) {
        return async.call(() -> dsn(role));
    }

    /**
     * Returns where a member's PostgreSQL listens, as {@code patronictl dsn --member} does; see
     * {@link #dsn(MemberSelector)}.
     *
     * @param member the member's name
     * @return its address
     * @throws PatroniException {@code patroni.no-such-member} where there is no such member or it has not published its
     *     address, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public Dsn dsn(String member) throws InterruptedException {
        Given.value(member, "member");
        ClusterView view = view();
        return DsnOperation.of(view, DsnOperation.select(view, Optional.of(member), MemberSelector.ANY));
    }

    /**
     * Returns where a member's PostgreSQL listens, later; the twin of {@link #dsn(String)}.
     *
     * @param member the member's name
     * @return completes with the address, or with the exception that {@link #dsn(String)} would throw
     */
    public CompletableFuture<Dsn> dsnAsync(String member) {
        return async.call(() -> dsn(member));
    }

    /**
     * Asks a member's PostgreSQL, as {@code patronictl query} does. Does network I/O and blocks, at most for
     * {@link Query#timeout()}. Each call is a connection and a transaction of its own.
     *
     * @param query the statement, and whom to ask; by default the leader
     * @return the rows
     * @throws QueryFailedException {@code patroni.query-failed} with PostgreSQL's own code
     * @throws PatroniException {@code patroni.no-such-member}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted; the connection is closed
     */
    public QueryResult query(UnaryOperator<Query.Builder> query) throws InterruptedException {
        Query wanted = Given.completed(Query.builder(), query, "query").build();
        rest.checkOpen();
        return ask(wanted);
    }

    private QueryResult ask(Query query) throws InterruptedException {
        return new QueryOperation(reader, threads, tls, options.route(), backing.login(), query).run();
    }

    /**
     * Asks a member's PostgreSQL, later; the twin of {@link #query}.
     *
     * @param query the statement, and whom to ask; by default the leader
     * @return completes with the rows, or with the exception that {@link #query} would throw
     */
    public CompletableFuture<QueryResult> queryAsync(UnaryOperator<Query.Builder> query) {
        return async.call(() -> query(query));
    }

    /**
     * Watches the cluster, every 2 s, and tells what changes; see {@link #watch(UnaryOperator, ClusterListener)}.
     *
     * @param listener is told, event by event
     * @return the watch; closing it, or this client, ends it
     */
    public Watch watch(ClusterListener listener) {
        Given.value(listener, "listener");
        return watch(options -> options, listener);
    }

    /**
     * Watches the cluster and tells what changes. The first look is the base of comparison. Events come in order, on
     * one thread of the client; a listener's exception is logged. Returns at once.
     *
     * @param options sets pause and thresholds
     * @param listener is told, event by event
     * @return the watch; closing it, or this client, ends it
     */
    public Watch watch(UnaryOperator<WatchOptions.Builder> options, ClusterListener listener) {
        Given.value(listener, "listener");
        return Watching.start(
                rest,
                reader,
                threads,
                backing.store(),
                Given.completed(WatchOptions.builder(), options, "options").build(),
                listener);
    }

    private EditConfigOperation edits() {
        return new EditConfigOperation(
                rest,
                reader,
                access.timing(),
                backing.store(),
                interruptions,
                backing.roles(),
                backing.login().isPresent() ? Optional.of(this::ask) : Optional.empty());
    }

    @Override
    public String toString() {
        return "Client of Patroni at "
                + Text.excerpt(
                        options.endpoints().stream().map(Object::toString).collect(Collectors.joining(", ")))
                + (rest.closed() ? ", closed" : "");
    }

    /** Ends all calls, blocking and future, with {@code patroni.closed}, and all threads. Safe to call twice. */
    @Override
    public void close() {
        rest.close();
        async.close();
        engine.release().run();
        backing.close();
    }
}
