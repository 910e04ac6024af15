package io.pgha.etcd.internal.dcs;

import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.pgha.Problem;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.net.Deadline;
import io.pgha.port.OperationLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that is kept alive by a daemon thread, through whichever member answers. When none has for the lease's whole
 * life, it counts as lost, whatever etcd thinks: it may be another's by then. Thread-safe.
 */
final class Lease implements OperationLock.Held {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final Duration BEAT = Duration.ofSeconds(4);

    private final String cluster;
    private final long id;
    private final Session session;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<Problem> lost = Optional.empty();
    private volatile Deadline expiry = Deadline.in(LeaseLock.TTL);

    Lease(String cluster, long id, Session session) {
        this.cluster = cluster;
        this.id = id;
        this.session = session;
        Thread thread = new Thread(this::renew, "pgha-" + cluster + "-lease");
        thread.setDaemon(true);
        thread.start();
    }

    private void renew() {
        try {
            while (lost.isEmpty() && !closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                Deadline next = Deadline.in(LeaseLock.TTL);
                try {
                    if (session.rpc().read(channel -> keepAlive(channel, id)).getTTL() <= 0) {
                        lost = Optional.of(problem("etcd says that its lease has run out"));
                    }
                    expiry = next;
                } catch (EtcdException e) {
                    LOG.debug("The lock of {} in etcd could not be renewed", cluster, e);
                }
            }
        } catch (InterruptedException nobodyElseHasThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    /** A stream of one question and one answer. */
    private static LeaseKeepAliveResponse keepAlive(Channel channel, long id) {
        CompletableFuture<LeaseKeepAliveResponse> answer = new CompletableFuture<>();
        StreamObserver<LeaseKeepAliveRequest> question = LeaseGrpc.newStub(channel)
                .leaseKeepAlive(new StreamObserver<>() {
                    @Override
                    public void onNext(LeaseKeepAliveResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        answer.completeExceptionally(Status.UNAVAILABLE
                                .withDescription("the stream ended without an answer")
                                .asRuntimeException());
                    }
                });
        question.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        question.onCompleted();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StatusRuntimeException known
                    ? known
                    : Status.fromThrowable(e.getCause()).asRuntimeException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withCause(e).asRuntimeException();
        }
    }

    private Problem problem(String why) {
        return Problem.of(
                OperationLock.LOST,
                "The lock of " + cluster + " in etcd was lost: " + why,
                "Somebody else may hold it by now. Look at etcd (systemctl status etcd), then plan again: what is done stays"
                        + " done.");
    }

    @Override
    public Optional<Problem> lost() {
        if (lost.isEmpty() && closed.getCount() > 0 && expiry.passed()) {
            lost = Optional.of(problem("no member has renewed it for " + LeaseLock.TTL.toSeconds() + " s"));
        }
        return lost;
    }

    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        closed.countDown();
        boolean interrupted = Thread.interrupted();
        try {
            revoke(session.rpc(), id);
        } catch (EtcdException e) {
            LOG.debug("The lock of {} in etcd was left behind and ends with its lease", cluster, e);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            session.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void revoke(Rpc rpc, long lease) throws InterruptedException {
        rpc.change(channel -> LeaseGrpc.newBlockingStub(channel)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build()));
    }
}
