package io.pgha.patroni;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * A client of one Patroni cluster, by its REST API.
 *
 * <p>Any reachable member serves; one that does not answer delays a call by a fraction of a second, and is asked last for
 * half a minute. Every call has a deadline that covers the whole answer. Each operation is a blocking method that can be
 * interrupted, with a twin that returns a future; cancelling that future interrupts the operation. A future's own callbacks
 * run on a thread of the client.
 *
 * <p>Thread-safe. Opened with {@link Patroni#client}; its threads are daemons named {@code pgha-patroni-…} and end with
 * {@link #close()}.
 */
public final class PatroniClient implements AutoCloseable {
    private final Engine engine;
    private final Threads threads;
    private final Set<Operation<?>> operations = ConcurrentHashMap.newKeySet();
    /** A second request would overwrite the first one in etcd, so those of one client wait for one another. */
    private final ReentrantLock oneSwitchover = new ReentrantLock();

    private final Rest rest;
    private final ClusterReader reader;
    private final Timing timing;

    private final PatroniClientOptions options;
    private final Tls tls;
    private final Backing backing;

    PatroniClient(PatroniClientOptions options, Timing timing, Runnable afterClose) {
        this(options, timing, new Backing(Optional.empty(), Optional.empty(), afterClose));
    }

    PatroniClient(PatroniClientOptions options, Timing timing, Backing backing) {
        this(options, timing, backing, Engine.own());
    }

    PatroniClient(PatroniClientOptions options, Timing timing, Backing backing, Engine engine) {
        this.engine = engine;
        this.threads = engine.threads();
        this.options = options;
        this.backing = backing;
        this.tls = Tls.of(options);
        Members members = new Members(options, endpoint -> new Channel(endpoint, options, tls, engine));
        this.rest = new Rest(options, members);
        this.timing = timing;
        this.reader = new ClusterReader(rest, timing);
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
     * @throws InterruptedException when the thread is interrupted
     */
    public SwitchoverResult switchover(UnaryOperator<Switchover.Builder> switchover) throws InterruptedException {
        Switchover wanted = switchover.apply(Switchover.builder()).build();
        oneSwitchover.lockInterruptibly();
        try {
            return new SwitchoverOperation(rest, reader, timing, wanted).run();
        } finally {
            oneSwitchover.unlock();
        }
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
     * Returns the dynamic configuration, as {@code patronictl show-config} does: from the DCS where the client has a way to it,
     * else from a member. Does network I/O and blocks, at most for {@link PatroniClientOptions#requestTimeout()}.
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
        return async(this::showConfig);
    }

    /**
     * Says what an edit of the dynamic configuration would change and do, and changes nothing. Does network I/O and blocks, at most
     * for twice {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param edit says what shall change
     * @return the difference, its impact, and what is wrong with it
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public ConfigPreview previewConfig(UnaryOperator<ConfigEdit.Builder> edit) throws InterruptedException {
        ConfigEdit wanted = edit.apply(ConfigEdit.builder()).build();
        rest.checkOpen();
        return edits().preview(wanted);
    }

    /**
     * Says what an edit would change, later; the twin of {@link #previewConfig}.
     *
     * @param edit says what shall change
     * @return completes with the preview, or with the exception that {@link #previewConfig} would throw
     */
    public CompletableFuture<ConfigPreview> previewConfigAsync(UnaryOperator<ConfigEdit.Builder> edit) {
        return async(() -> previewConfig(edit));
    }

    /**
     * Changes the dynamic configuration, as {@code patronictl edit-config} does, and waits for the members to take it over. Does
     * network I/O and blocks.
     *
     * <p>What Patroni would silently change or ignore is refused. With a way to the DCS (a client of a cluster that pgha describes,
     * with the etcd component installed) the change is written by compare-and-set, and made again of the newer configuration where
     * somebody else was faster. Without it Patroni merges the change itself, and what it then reports is compared with what was
     * asked for. A change that needs a restart of PostgreSQL restarts nothing: the result says who waits for one.
     *
     * @param edit says what shall change
     * @return what was changed and what waits for a restart
     * @throws ConfigRefusedException {@code patroni.config-refused}: it was not sent, with every reason
     * @throws OutcomeUnknownException {@code patroni.outcome-unknown}: it was sent, and whether it was stored is unknown
     * @throws PatroniException {@code patroni.config-conflict} when others keep changing it, {@code patroni.unauthorized}, and the
     *     codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public EditConfigResult editConfig(UnaryOperator<ConfigEdit.Builder> edit) throws InterruptedException {
        ConfigEdit wanted = edit.apply(ConfigEdit.builder()).build();
        rest.checkOpen();
        return edits().run(wanted);
    }

    /**
     * Changes the dynamic configuration, later; the twin of {@link #editConfig(UnaryOperator)}.
     *
     * @param edit says what shall change
     * @return completes with what was changed, or with the exception that {@link #editConfig(UnaryOperator)} would throw
     */
    public CompletableFuture<EditConfigResult> editConfigAsync(UnaryOperator<ConfigEdit.Builder> edit) {
        return async(() -> editConfig(edit));
    }

    /**
     * Changes the dynamic configuration exactly as a preview showed it, or not at all; see {@link #editConfig(UnaryOperator)}. By
     * compare-and-set that is certain; by Patroni's REST API a change that somebody else makes in the same moment is kept beside
     * this one.
     *
     * @param preview what {@link #previewConfig} of this client returned
     * @return what was changed and what waits for a restart
     * @throws PatroniException {@code patroni.config-conflict} when the configuration is no longer what the preview was made of, and
     *     the codes of {@link #editConfig(UnaryOperator)}
     * @throws InterruptedException when the thread is interrupted
     */
    public EditConfigResult editConfig(ConfigPreview preview) throws InterruptedException {
        rest.checkOpen();
        return edits().run(preview);
    }

    /**
     * Changes the dynamic configuration as a preview showed it, later; the twin of {@link #editConfig(ConfigPreview)}.
     *
     * @param preview what {@link #previewConfig} of this client returned
     * @return completes with what was changed, or with the exception that {@link #editConfig(ConfigPreview)} would throw
     */
    public CompletableFuture<EditConfigResult> editConfigAsync(ConfigPreview preview) {
        return async(() -> editConfig(preview));
    }

    /**
     * Returns the promotions that the cluster remembers, as {@code patronictl history} does. Does network I/O and blocks, at most for
     * {@link PatroniClientOptions#requestTimeout()}.
     *
     * @return the promotions, oldest first
     * @throws PatroniException the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public ClusterHistory history() throws InterruptedException {
        return rest.first("/history", ClusterHistory::read, rest.oneRequest()).value();
    }

    /**
     * Returns the promotions that the cluster remembers, later; the twin of {@link #history()}.
     *
     * @return completes with the promotions, or with the exception that {@link #history()} would throw
     */
    public CompletableFuture<ClusterHistory> historyAsync() {
        return async(this::history);
    }

    /**
     * Returns where a member's PostgreSQL listens, as {@code patronictl dsn --role} does; of several replicas one that replicates.
     * Does network I/O and blocks, at most for {@link PatroniClientOptions#requestTimeout()}.
     *
     * @param role the kind of member
     * @return the member's address
     * @throws PatroniException {@code patroni.no-such-member} where there is none of that kind, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public Dsn dsn(MemberSelector role) throws InterruptedException {
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
        return async(() -> dsn(role));
    }

    /**
     * Returns where a member's PostgreSQL listens, as {@code patronictl dsn --member} does; see {@link #dsn(MemberSelector)}.
     *
     * @param member the member's name
     * @return its address
     * @throws PatroniException {@code patroni.no-such-member} where there is no such member or it has not published its address, and
     *     the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted
     */
    public Dsn dsn(String member) throws InterruptedException {
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
        return async(() -> dsn(member));
    }

    /**
     * Asks a member's PostgreSQL, as {@code patronictl query} does. Does network I/O and blocks, at most for {@link
     * Query#timeout()}. Each call is a connection and a transaction of its own.
     *
     * @param query the statement, and whom to ask; by default the leader
     * @return the rows
     * @throws QueryFailedException {@code patroni.query-failed} with PostgreSQL's own code
     * @throws PatroniException {@code patroni.no-such-member}, and the codes of {@link #view()}
     * @throws InterruptedException when the thread is interrupted; the connection is closed
     */
    public QueryResult query(UnaryOperator<Query.Builder> query) throws InterruptedException {
        Query wanted = query.apply(Query.builder()).build();
        rest.checkOpen();
        return new QueryOperation(reader, threads, tls, options.route(), backing.login(), wanted).run();
    }

    /**
     * Asks a member's PostgreSQL, later; the twin of {@link #query}.
     *
     * @param query the statement, and whom to ask; by default the leader
     * @return completes with the rows, or with the exception that {@link #query} would throw
     */
    public CompletableFuture<QueryResult> queryAsync(UnaryOperator<Query.Builder> query) {
        return async(() -> query(query));
    }

    /**
     * Watches the cluster, every 2 s, and tells what changes; see {@link #watch(UnaryOperator, ClusterListener)}.
     *
     * @param listener is told, event by event
     * @return the watch; closing it, or this client, ends it
     */
    public Watch watch(ClusterListener listener) {
        return watch(options -> options, listener);
    }

    /**
     * Watches the cluster and tells what changes. The first look is the base of comparison. Events come in order, on one thread of the
     * client; a listener's exception is logged. Returns at once.
     *
     * @param options sets pause and thresholds
     * @param listener is told, event by event
     * @return the watch; closing it, or this client, ends it
     */
    public Watch watch(UnaryOperator<WatchOptions.Builder> options, ClusterListener listener) {
        return Watch.start(
                rest, reader, threads, options.apply(WatchOptions.builder()).build(), listener);
    }

    private EditConfigOperation edits() {
        return new EditConfigOperation(rest, reader, timing, backing.store());
    }

    /** Ends all calls, blocking and future, with {@code patroni.closed}, and all threads. Safe to call twice. */
    @Override
    public void close() {
        rest.close();
        operations.forEach(operation -> operation.completeExceptionally(Rest.closedException()));
        engine.release().run();
        backing.close();
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
