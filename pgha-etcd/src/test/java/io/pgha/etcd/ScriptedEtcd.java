package io.pgha.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pgha.etcd.internal.dcs.LeaseLock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One member that answers over real gRPC from memory, as etcd would, or fails as it is told. */
public final class ScriptedEtcd {
    private final Server server;
    private final String url;
    private final Map<ByteString, KeyValue> keys = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Status> failures = new HashMap<>();
    private Optional<String> last = Optional.empty();
    private Optional<Status> failure = Optional.empty();
    private long leases;
    private boolean leasesGone;

    public ScriptedEtcd() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new Kv())
                .addService(new Leases())
                .build()
                .start();
        url = "http://127.0.0.1:" + server.getPort();
    }

    public String url() {
        return url;
    }

    public synchronized void fail(Status status) {
        failure = Optional.of(status);
    }

    /** Fails one kind of request only: range, txn, grant, revoke or keep alive. */
    public synchronized void fail(String what, Status status) {
        failures.put(what, status);
    }

    /** Fails that kind of request and every one behind it. */
    public synchronized void failFrom(String what, Status status) {
        last = Optional.of(what);
        fail(what, status);
    }

    public synchronized void loseLeases() {
        leasesGone = true;
    }

    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    public void stop() {
        server.shutdownNow();
    }

    private synchronized <T> void answer(StreamObserver<T> to, String what, Supplier<T> value) {
        asked.add(what);
        Optional<Status> failed = failure.or(() -> Optional.ofNullable(failures.get(what)));
        if (failed.isPresent()) {
            failure = last.equals(Optional.of(what)) ? failed : failure;
            to.onError(failed.get().asRuntimeException());
            return;
        }
        to.onNext(value.get());
        to.onCompleted();
    }

    private final class Kv extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> to) {
            answer(to, "range", () -> {
                RangeResponse.Builder found = RangeResponse.newBuilder();
                Optional.ofNullable(keys.get(request.getKey())).ifPresent(found::addKvs);
                return found.build();
            });
        }

        /** As far as the lock goes: creates a key that is not there, with its lease. */
        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> to) {
            answer(to, "txn", () -> {
                PutRequest put = request.getSuccess(0).getRequestPut();
                KeyValue made = KeyValue.newBuilder()
                        .setKey(put.getKey())
                        .setValue(put.getValue())
                        .setLease(put.getLease())
                        .build();
                return TxnResponse.newBuilder()
                        .setSucceeded(keys.putIfAbsent(put.getKey(), made) == null)
                        .build();
            });
        }
    }

    private final class Leases extends LeaseGrpc.LeaseImplBase {
        @Override
        public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> to) {
            answer(
                    to,
                    "grant",
                    () -> LeaseGrantResponse.newBuilder()
                            .setID(++leases)
                            .setTTL(request.getTTL())
                            .build());
        }

        @Override
        public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> to) {
            answer(to, "revoke", () -> {
                keys.values().removeIf(each -> each.getLease() == request.getID());
                return LeaseRevokeResponse.getDefaultInstance();
            });
        }

        @Override
        public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> to) {
            return new StreamObserver<>() {
                @Override
                public void onNext(LeaseKeepAliveRequest request) {
                    answer(
                            to,
                            "keep alive",
                            () -> LeaseKeepAliveResponse.newBuilder()
                                    .setID(request.getID())
                                    .setTTL(leasesGone ? 0 : LeaseLock.TTL.toSeconds())
                                    .build());
                }

                @Override
                public void onError(Throwable failed) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
