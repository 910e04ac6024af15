package io.pgha.etcd.internal.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys under which each Patroni says how its member is, and the leases that they are on. Thread-safe. */
final class MemberKeys {
    private final Callers etcd;
    private final String prefix;

    /**
     * Knows the keys.
     *
     * @param prefix what all of the cluster's keys begin with
     */
    MemberKeys(Callers etcd, String prefix) {
        this.etcd = etcd;
        this.prefix = prefix + "members/";
    }

    /** Returns the leases of those that are there, by member. */
    Map<String, Long> leases() throws InterruptedException {
        RangeRequest all = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(prefix))
                .setRangeEnd(ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + '0'))
                .setKeysOnly(true)
                .build();
        return etcd.read(channel -> KVGrpc.newBlockingStub(channel).range(all).getKvsList().stream()
                .collect(Collectors.toMap(
                        each -> each.getKey().toStringUtf8().substring(prefix.length()), KeyValue::getLease)));
    }

    long grant(Duration ttl) throws InterruptedException {
        return etcd.change(channel -> LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setTTL(ttl.toSeconds()).build())
                .getID());
    }

    /**
     * Puts a member's key on another lease, with the value that it has.
     *
     * @return whether it is there
     */
    boolean lend(String member, long lease) throws InterruptedException {
        ByteString key = ByteString.copyFromUtf8(prefix + member);
        TxnRequest lending = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.CREATE)
                        .setResult(Compare.CompareResult.GREATER)
                        .setCreateRevision(0))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder()
                                .setKey(key)
                                .setIgnoreValue(true)
                                .setLease(lease)))
                .build();
        return etcd.change(
                channel -> KVGrpc.newBlockingStub(channel).txn(lending).getSucceeded());
    }
}
