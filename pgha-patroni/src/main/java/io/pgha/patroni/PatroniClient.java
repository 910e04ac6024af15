package io.pgha.patroni;

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
    private final Threads threads = new Threads();
    private final Set<Operation<?>> operations = ConcurrentHashMap.newKeySet();
    /** A second request would overwrite the first one in etcd, so those of one client wait for one another. */
    private final ReentrantLock oneSwitchover = new ReentrantLock();

    private final Rest rest;
    private final ClusterReader reader;
    private final Timing timing;

    private final Runnable afterClose;

    PatroniClient(PatroniClientOptions options, Timing timing, Runnable afterClose) {
        this.afterClose = afterClose;
        Tls tls = Tls.of(options);
        Members members = new Members(options, endpoint -> new Channel(endpoint, options, tls, threads));
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
