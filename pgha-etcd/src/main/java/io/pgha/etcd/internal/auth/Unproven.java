package io.pgha.etcd.internal.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;

/**
 * A key that is in etcd while authentication is enabled and not every Patroni has been seen to write since. It is in
 * etcd because it must be true of what etcd decided, whatever is lost: it is written before authentication is enabled,
 * by the same quorum, so that nobody sees the one without the other, on no node, and in no snapshot. Thread-safe.
 */
public final class Unproven {
    private final Callers etcd;
    private final ByteString key;

    Unproven(Callers etcd, String cluster) {
        this.etcd = etcd;
        this.key = ByteString.copyFromUtf8(key(cluster));
    }

    /** Returns the key, which is pgha's own and nothing to Patroni. */
    public static String key(String cluster) {
        return "/pgha/" + cluster + "/authentication-unproven";
    }

    void mark() throws InterruptedException {
        etcd.change(channel -> KVGrpc.newBlockingStub(channel)
                .put(PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(
                                ByteString.copyFromUtf8("not every Patroni has been seen to write with authentication"))
                        .build()));
    }

    void clear() throws InterruptedException {
        etcd.change(channel -> KVGrpc.newBlockingStub(channel)
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build()));
    }
}
