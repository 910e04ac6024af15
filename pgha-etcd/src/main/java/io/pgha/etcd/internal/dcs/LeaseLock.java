package io.pgha.etcd.internal.dcs;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.pgha.Problem;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.net.Deadline;
import io.pgha.port.OperationLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's lock in etcd: a key on a lease of 15 s that its holder renews every 4 s. Where etcd does not answer, or
 * takes no writes, it keeps nobody out: it stands behind the lock on the hosts. Thread-safe.
 */
public final class LeaseLock implements OperationLock {
    public static final Duration TTL = Duration.ofSeconds(15);
    private static final Logger LOG = LoggerFactory.getLogger(LeaseLock.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String cluster;
    /** Gives a way to etcd that is closed with the lock. */
    private final Supplier<Session> etcd;

    private final Duration patience;

    public LeaseLock(String cluster, Supplier<Session> etcd) {
        this(cluster, etcd, TTL.plusSeconds(3));
    }

    public LeaseLock(String cluster, Supplier<Session> etcd, Duration patience) {
        this.cluster = cluster;
        this.etcd = etcd;
        this.patience = patience;
    }

    static String key(String cluster) {
        return "/pgha/" + cluster + "/lock";
    }

    @Override
    public Held acquire(Holder holder) throws InterruptedException {
        Session session;
        try {
            session = etcd.get();
        } catch (EtcdException e) {
            return withoutEtcd(e);
        }
        boolean kept = false;
        try {
            long lease = take(session.rpc(), holder);
            kept = true;
            return new Lease(cluster, lease, session);
        } catch (EtcdException e) {
            if (e.code().equals(LOCKED)) {
                throw e;
            }
            return withoutEtcd(e);
        } finally {
            if (!kept) {
                session.close();
            }
        }
    }

    /** A dead holder's key goes with its lease, so one that outlives a lease has a holder that lives. */
    private long take(Rpc rpc, Holder holder) throws InterruptedException {
        ByteString key = ByteString.copyFromUtf8(key(cluster));
        RangeRequest look = RangeRequest.newBuilder().setKey(key).build();
        Deadline deadline = Deadline.in(patience);
        while (true) {
            Optional<String> other =
                    rpc.read(channel -> KVGrpc.newBlockingStub(channel).range(look).getKvsList().stream()
                            .findFirst()
                            .map(found -> found.getValue().toStringUtf8()));
            if (other.isEmpty()) {
                long lease = rpc.change(channel -> LeaseGrpc.newBlockingStub(channel)
                        .leaseGrant(LeaseGrantRequest.newBuilder()
                                .setTTL(TTL.toSeconds())
                                .build())
                        .getID());
                TxnRequest create = TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder()
                                .setKey(key)
                                .setTarget(Compare.CompareTarget.CREATE)
                                .setResult(Compare.CompareResult.EQUAL)
                                .setCreateRevision(0))
                        .addSuccess(RequestOp.newBuilder()
                                .setRequestPut(PutRequest.newBuilder()
                                        .setKey(key)
                                        .setValue(ByteString.copyFromUtf8(holder.toString()))
                                        .setLease(lease)))
                        .build();
                if (rpc.change(
                        channel -> KVGrpc.newBlockingStub(channel).txn(create).getSucceeded())) {
                    return lease;
                }
                Lease.revoke(rpc, lease);
            } else if (deadline.passed()) {
                throw Failures.of(
                        LOCKED,
                        cluster + " is being worked on by " + other.get() + " (the lock in etcd, " + key(cluster)
                                + "); nothing was changed",
                        "Wait until that has ended, then try again. If that process is gone, so is its lock, after "
                                + TTL.toSeconds() + " s at the latest.");
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private Held withoutEtcd(EtcdException why) {
        LOG.debug("The lock of {} is not taken in etcd, only on the hosts", cluster, why);
        return new Held() {
            @Override
            public Optional<Problem> lost() {
                return Optional.empty();
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }
}
