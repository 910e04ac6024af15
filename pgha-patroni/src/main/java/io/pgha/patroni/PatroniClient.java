package io.pgha.patroni;

import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A client of one Patroni cluster, by its REST API.
 *
 * <p>Any reachable member serves; one that does not answer delays a call by a fraction of a second, and is asked last for
 * half a minute. Every call has a deadline that covers the whole answer. Each operation is a blocking method that can be
 * interrupted, with a twin that returns a future; cancelling that future interrupts the operation. A future's own callbacks
 * run on a thread of the client.
 *
 * <p>What can interrupt the service (switchover, failover, restarts, reinit, pause, demotion and promotion) is refused while
 * maintenance is closed, with {@link io.pgha.run.MaintenanceClosedException}; {@code override(reason)} and
 * {@code atNextOpening()} of each say otherwise.
 *
 * <p>Thread-safe. Opened with {@link Patroni#client}; its threads are daemons named {@code pgha-patroni-…} and end with
 * {@link #close()}.
 */
public final class PatroniClient implements AutoCloseable {
    private final Threads threads = new Threads();
    private final Set<Operation<?>> operations = ConcurrentHashMap.newKeySet();

    private final Rest rest;
    private final ClusterReader reader;
    private final Access access;
    private final Interruptions interruptions;

    private final Runnable afterClose;

    PatroniClient(PatroniClientOptions options, Timing timing, Runnable afterClose) {
        this.afterClose = afterClose;
        Tls tls = Tls.of(options);
        Members members = new Members(options, endpoint -> new Channel(endpoint, options, tls, threads));
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
        return async(this::view);
    }

    /**
     * Moves the leader's role to another member, in order: the leader stops cleanly first, so no commit is lost. Does network
     * I/O and blocks, at most for the two limits of {@link Switchover}.
     *
     * <p>The request is sent once, never again. When its answer is lost, the cluster is watched until it shows what happened.
     * Returns when the new leader accepts writes and, unless {@link Switchover#awaitReplicas()} is zero, the former one
     * replicates from it or that limit has passed. Interrupting stops the waiting, not a switchover that Patroni has begun.
     *
     * @param switchover says where to; unchanged it moves to the best candidate now
     * @return what happened
     * @throws SwitchoverRefusedException {@code patroni.switchover-refused}: it did not happen, with what speaks against each
     *     replica
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was asked for, and whether it happens is unknown
     * @throws PatroniException {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes of {@link #view()}: it was
     *     not asked for
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public SwitchoverResult switchover(UnaryOperator<Switchover.Builder> switchover) throws InterruptedException {
        Switchover wanted = switchover.apply(Switchover.builder()).build();
        return interruptions.switchover(wanted);
    }

    /**
     * Moves the leader's role to another member, later; the twin of {@link #switchover}. Cancelling the future stops the
     * waiting, not a switchover that Patroni has begun.
     *
     * @param switchover says where to; unchanged it moves to the best candidate now
     * @return completes with what happened, or with the exception that {@link #switchover} would throw
     */
    public CompletableFuture<SwitchoverResult> switchoverAsync(UnaryOperator<Switchover.Builder> switchover) {
        return async(() -> switchover(switchover));
    }

    /**
     * Makes another member the leader, whether or not there is one now. Does network I/O and blocks, at most for
     * {@link Failover#timeout()}. Where the leader is healthy, {@link #switchover} is the orderly way.
     *
     * @param failover names the member that shall lead
     * @return what happened
     * @throws FailoverRefusedException {@code patroni.failover-refused}: it did not happen, with what speaks against each replica
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was asked for, and whether it happens is unknown
     * @throws PatroniException the codes of {@link #view()}, {@code patroni.unsupported}: it was not asked for
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public FailoverResult failover(UnaryOperator<Failover.Builder> failover) throws InterruptedException {
        Failover wanted = failover.apply(Failover.builder()).build();
        return interruptions.failover(wanted);
    }

    /**
     * Makes another member the leader, later; the twin of {@link #failover}.
     *
     * @param failover names the member that shall lead
     * @return completes with what happened, or with the exception that {@link #failover} would throw
     */
    public CompletableFuture<FailoverResult> failoverAsync(UnaryOperator<Failover.Builder> failover) {
        return async(() -> failover(failover));
    }

    /**
     * Restarts PostgreSQL on members, one after the other, replicas first; or has Patroni do it later. Does network I/O and
     * blocks, at most for {@link Restart#limit()} a member. It does not look at the replication in between:
     * {@link #rollingRestart} does. Interrupting stops the waiting, not a restart that has begun.
     *
     * @param restart says whose, when and on what conditions; unchanged it restarts all members now
     * @return how it ended on each member: done, scheduled, or skipped where a condition was not met
     * @throws OperationFailedException {@code patroni.operation-failed}: on a member it was not done; it tells of all
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: on a member it cannot be said
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, {@code patroni.paused}, and the codes
     *     of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> restart(UnaryOperator<Restart.Builder> restart) throws InterruptedException {
        Restart wanted = restart.apply(Restart.builder()).build();
        Interruptions.Work<List<MemberResult>> work = passed -> new RestartOperation(passed, wanted).run();
        BiFunction<List<MemberResult>, String, List<MemberResult>> keep = (results, reason) ->
                results.stream().map(result -> result.because(reason)).toList();
        return wanted.at().isPresent()
                ? interruptions.later("The restart", wanted, wanted.at().get(), work, keep)
                : interruptions.now("The restart", wanted, work, keep);
    }

    /**
     * Restarts PostgreSQL on members, later; the twin of {@link #restart}.
     *
     * @param restart says whose, when and on what conditions
     * @return completes with how it ended on each member, or with the exception that {@link #restart} would throw
     */
    public CompletableFuture<List<MemberResult>> restartAsync(UnaryOperator<Restart.Builder> restart) {
        return async(() -> restart(restart));
    }

    /**
     * Restarts PostgreSQL on all members, one at a time, with the whole replication in order before each: replicas first and the
     * leader last, or the leader first where a limit such as {@code max_connections} shrinks. Stops at the first member that does
     * not come back in order. Does network I/O and blocks, for the limits of {@link RollingRestart}.
     *
     * @param restart says which members and what to do with the leader; unchanged it restarts all, the leader in place
     * @return each restart in its order, and why in that order
     * @throws OperationFailedException {@code patroni.operation-failed}: it stopped; it tells what was done and what was left
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it stopped where a restart's end cannot be said
     * @throws PatroniException {@code patroni.paused}, {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes of
     *     {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted; a restart that has begun goes on
     */
    public RollingRestartResult rollingRestart(UnaryOperator<RollingRestart.Builder> restart)
            throws InterruptedException {
        RollingRestart wanted = restart.apply(RollingRestart.builder()).build();
        return interruptions.now(
                "The rolling restart",
                wanted,
                interruptions.alone(passed -> new RollingRestartOperation(passed, wanted).run()),
                RollingRestartResult::because);
    }

    /**
     * Restarts PostgreSQL on all members, one at a time, later; the twin of {@link #rollingRestart}.
     *
     * @param restart says which members and what to do with the leader
     * @return completes with each restart, or with the exception that {@link #rollingRestart} would throw
     */
    public CompletableFuture<RollingRestartResult> rollingRestartAsync(UnaryOperator<RollingRestart.Builder> restart) {
        return async(() -> rollingRestart(restart));
    }

    /**
     * Has members read their configuration files again. Does network I/O and blocks briefly. Patroni does it in its next round;
     * what comes of it is in its log only.
     *
     * @param reload says which members; unchanged all
     * @return how it was taken by each member
     * @throws OperationFailedException {@code patroni.operation-failed}: a member did not take it; the others did
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: a member's answer was lost; asking again does no harm
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> reload(UnaryOperator<Reload.Builder> reload) throws InterruptedException {
        return new ReloadOperation(access, reload.apply(Reload.builder()).build()).run();
    }

    /**
     * Has members read their configuration files again, later; the twin of {@link #reload}.
     *
     * @param reload says which members
     * @return completes with how it was taken, or with the exception that {@link #reload} would throw
     */
    public CompletableFuture<List<MemberResult>> reloadAsync(UnaryOperator<Reload.Builder> reload) {
        return async(() -> reload(reload));
    }

    /**
     * Throws a replica's data away and copies it anew. Does network I/O and blocks, at most for {@link Reinit#await()}.
     * Interrupting stops the waiting, not the copying.
     *
     * @param reinit names the replica
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: it was not begun; the leader is always refused
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was lost
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unsupported}, {@code patroni.unauthorized}, and the
     *     codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public ReinitResult reinit(UnaryOperator<Reinit.Builder> reinit) throws InterruptedException {
        Reinit wanted = reinit.apply(Reinit.builder()).build();
        return interruptions.now(
                "The reinitialization of " + Text.printable(wanted.member().orElseThrow()),
                wanted,
                passed -> new ReinitOperation(passed, wanted).run(),
                ReinitResult::because);
    }

    /**
     * Throws a replica's data away and copies it anew, later; the twin of {@link #reinit}.
     *
     * @param reinit names the replica
     * @return completes with what happened, or with the exception that {@link #reinit} would throw
     */
    public CompletableFuture<ReinitResult> reinitAsync(UnaryOperator<Reinit.Builder> reinit) {
        return async(() -> reinit(reinit));
    }

    /**
     * Calls off members' scheduled restarts. Does network I/O and blocks briefly.
     *
     * @param flush says whose; unchanged everybody's
     * @return how it ended on each member; skipped where none was scheduled
     * @throws OperationFailedException {@code patroni.operation-failed}: a member still has one, or could not be asked
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: a member's answer was lost, and it gives no other
     * @throws PatroniException {@code patroni.no-such-member}, {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public List<MemberResult> flushRestart(UnaryOperator<FlushRestart.Builder> flush) throws InterruptedException {
        return new FlushOperation(access)
                .restarts(flush.apply(FlushRestart.builder()).build());
    }

    /**
     * Calls off members' scheduled restarts, later; the twin of {@link #flushRestart}.
     *
     * @param flush says whose
     * @return completes with how it ended, or with the exception that {@link #flushRestart} would throw
     */
    public CompletableFuture<List<MemberResult>> flushRestartAsync(UnaryOperator<FlushRestart.Builder> flush) {
        return async(() -> flushRestart(flush));
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
        return async(this::flushSwitchover);
    }

    /**
     * Turns maintenance mode on: Patroni neither fails over nor starts or stops PostgreSQL by itself. Does network I/O and
     * blocks, at most for {@link Pause#await()} after Patroni has taken it. {@link #pauseScope} ends it by itself.
     *
     * @param pause says how long to wait
     * @return whether it was off before, and who has recognized it
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it, or a member has not recognized
     *     it in time (the cluster is paused then)
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: the answer was lost, and the cluster cannot be seen
     * @throws PatroniException {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseResult pause(UnaryOperator<Pause.Builder> pause) throws InterruptedException {
        Pause wanted = pause.apply(Pause.builder()).build();
        return interruptions.now(
                "A pause, which leaves nobody to take over,",
                wanted,
                passed -> pauseOperation(wanted, PauseOperation.Mode.PAUSED),
                PauseResult::because);
    }

    /**
     * Turns maintenance mode on, later; the twin of {@link #pause}.
     *
     * @param pause says how long to wait
     * @return completes with what came of it, or with the exception that {@link #pause} would throw
     */
    public CompletableFuture<PauseResult> pauseAsync(UnaryOperator<Pause.Builder> pause) {
        return async(() -> pause(pause));
    }

    /**
     * Turns maintenance mode on for the length of a {@code try} block:
     * {@code try (PauseScope paused = patroni.pauseScope(p -> p)) { … }}. Where it cannot be turned on for all members it is turned
     * off again. Does network I/O and blocks as {@link #pause} does.
     *
     * @param pause says how long to wait, for the pause and for its end
     * @return the scope; close it with this client still open
     * @throws PatroniException as {@link #pause}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseScope pauseScope(UnaryOperator<Pause.Builder> pause) throws InterruptedException {
        Pause wanted = pause.apply(Pause.builder()).build();
        return interruptions.now(
                "A pause, which leaves nobody to take over,",
                wanted,
                passed -> PauseScope.open(
                        options -> pauseOperation(options, PauseOperation.Mode.PAUSED),
                        () -> async(() -> pauseOperation(wanted, PauseOperation.Mode.RESUMED)),
                        wanted),
                PauseScope::because);
    }

    /**
     * Turns maintenance mode off. Does network I/O and blocks, at most for {@link Pause#await()} after Patroni has taken it.
     *
     * @param resume says how long to wait
     * @return whether it was on before, and who has recognized it
     * @throws OperationFailedException as {@link #pause}
     * @throws OutcomeUnknownException as {@link #pause}
     * @throws PatroniException as {@link #pause}
     * @throws InterruptedException when the thread is interrupted
     */
    public PauseResult resume(UnaryOperator<Pause.Builder> resume) throws InterruptedException {
        return pauseOperation(resume.apply(Pause.builder()).build(), PauseOperation.Mode.RESUMED);
    }

    /**
     * Turns maintenance mode off, later; the twin of {@link #resume}.
     *
     * @param resume says how long to wait
     * @return completes with what came of it, or with the exception that {@link #resume} would throw
     */
    public CompletableFuture<PauseResult> resumeAsync(UnaryOperator<Pause.Builder> resume) {
        return async(() -> resume(resume));
    }

    /**
     * Makes a primary cluster follow another one (Patroni 4.1 and later). Does network I/O and blocks, at most for
     * {@link DemoteCluster#timeout()}.
     *
     * @param demote says what to follow
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was lost
     * @throws PatroniException {@code patroni.unsupported}, {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes
     *     of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public StandbyClusterResult demoteCluster(UnaryOperator<DemoteCluster.Builder> demote) throws InterruptedException {
        DemoteCluster wanted = demote.apply(DemoteCluster.builder()).build();
        return interruptions.now(
                "The cluster's demotion",
                wanted,
                interruptions.alone(passed -> StandbyClusterOperation.demote(passed, wanted)),
                StandbyClusterResult::because);
    }

    /**
     * Makes a primary cluster follow another one, later; the twin of {@link #demoteCluster}.
     *
     * @param demote says what to follow
     * @return completes with what happened, or with the exception that {@link #demoteCluster} would throw
     */
    public CompletableFuture<StandbyClusterResult> demoteClusterAsync(UnaryOperator<DemoteCluster.Builder> demote) {
        return async(() -> demoteCluster(demote));
    }

    /**
     * Makes a standby cluster a primary one. Does network I/O and blocks, at most for {@link PromoteCluster#timeout()}. Works on
     * every version, though {@code patronictl} has a command for it from 4.1 on only.
     *
     * @param promote says how long to wait
     * @return what happened
     * @throws OperationFailedException {@code patroni.operation-failed}: Patroni did not take it
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was not finished in time, or the answer was lost
     * @throws PatroniException {@code patroni.no-leader}, {@code patroni.unauthorized}, and the codes of {@link #view()}
     * @throws io.pgha.run.MaintenanceClosedException {@code maintenance.closed}: it was not asked for
     * @throws InterruptedException when the thread is interrupted
     */
    public StandbyClusterResult promoteCluster(UnaryOperator<PromoteCluster.Builder> promote)
            throws InterruptedException {
        PromoteCluster wanted = promote.apply(PromoteCluster.builder()).build();
        return interruptions.now(
                "The cluster's promotion",
                wanted,
                interruptions.alone(passed -> StandbyClusterOperation.promote(passed, wanted)),
                StandbyClusterResult::because);
    }

    /**
     * Makes a standby cluster a primary one, later; the twin of {@link #promoteCluster}.
     *
     * @param promote says how long to wait
     * @return completes with what happened, or with the exception that {@link #promoteCluster} would throw
     */
    public CompletableFuture<StandbyClusterResult> promoteClusterAsync(UnaryOperator<PromoteCluster.Builder> promote) {
        return async(() -> promoteCluster(promote));
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
        return async(this::version);
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
        return new HealthOperation(access, probe.apply(HealthProbe.builder()).build()).run();
    }

    /**
     * Asks members for a health check, later; the twin of {@link #health}.
     *
     * @param probe says which check of which members
     * @return completes with the answers, or with the exception that {@link #health} would throw
     */
    public CompletableFuture<List<HealthResult>> healthAsync(UnaryOperator<HealthProbe.Builder> probe) {
        return async(() -> health(probe));
    }

    /**
     * Returns what a member measures. Does network I/O and blocks, at most for {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param member the member's name
     * @return its metrics
     * @throws PatroniException {@code patroni.no-such-member}, and the codes of {@link #view()}, of this one member
     * @throws InterruptedException when the thread is interrupted
     */
    public Metrics metrics(String member) throws InterruptedException {
        return MetricsOperation.run(access, member);
    }

    /**
     * Returns what a member measures, later; the twin of {@link #metrics}.
     *
     * @param member the member's name
     * @return completes with its metrics, or with the exception that {@link #metrics} would throw
     */
    public CompletableFuture<Metrics> metricsAsync(String member) {
        return async(() -> metrics(member));
    }

    private PauseResult pauseOperation(Pause wanted, PauseOperation.Mode mode) throws InterruptedException {
        return new PauseOperation(access, wanted, mode).run();
    }

    /** Ends all calls, blocking and future, with {@code patroni.closed}, and all threads. Safe to call twice. */
    @Override
    public void close() {
        rest.close();
        operations.forEach(operation -> operation.completeExceptionally(Rest.closedException()));
        threads.close();
        afterClose.run();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the operation itself is returned
    private <T> CompletableFuture<T> async(Callable<T> work) {
        rest.checkOpen();
        Operation<T> operation = new Operation<>(work);
        operations.add(operation);
        CompletableFuture<?> unused = operation.whenComplete((value, failure) -> operations.remove(operation));
        operation.startOn(threads.operations());
        if (rest.closed()) {
            operation.completeExceptionally(Rest.closedException());
        }
        return operation;
    }
}
