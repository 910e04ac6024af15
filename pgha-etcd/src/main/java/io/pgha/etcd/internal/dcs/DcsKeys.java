package io.pgha.etcd.internal.dcs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.pgha.client.Async;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.port.DistributedConfigStore.Versioned;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The keys in which Patroni keeps what it knows of one cluster: read as a whole, followed, changed in one place only,
 * the dynamic configuration, by compare-and-set, and removed as a whole. Thread-safe; open as long as the session it
 * asks through.
 */
public final class DcsKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rpc rpc;
    private final Async async;
    private final String prefix;

    public DcsKeys(Rpc rpc, Async async, String namespace, String scope) {
        this.rpc = rpc;
        this.async = async;
        this.prefix = prefix(namespace, scope);
    }

    /** What all of one cluster's keys begin with. */
    public static String prefix(String namespace, String scope) {
        return ("/" + namespace + "/" + scope + "/").replaceAll("/+", "/");
    }

    /** Reads everything, in one request that needs a quorum: what it returns was true at one moment. */
    public DcsView view() throws InterruptedException {
        return DcsReader.read(
                rpc.read(channel -> KVGrpc.newBlockingStub(channel)
                        .range(RangeRequest.newBuilder()
                                .setKey(start())
                                .setRangeEnd(end())
                                .build())),
                prefix);
    }

    /** The first key behind all that start with the prefix: its last character is a slash, and '0' follows that. */
    ByteString end() {
        return ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + '0');
    }

    ByteString start() {
        return ByteString.copyFromUtf8(prefix);
    }

    /** Tells what is there now, and again after each change, on one thread. */
    public Follower follow(Consumer<DcsView> listener) {
        Follower follower = new Follower(this, rpc, listener);
        follower.started(async.call(follower::run));
        return follower;
    }

    /** Writes the dynamic configuration if nobody has since it was read. A lost answer is followed up by a look. */
    public boolean replaceConfig(Versioned expected, String json) throws InterruptedException {
        refuseGarbage(json);
        ByteString key = ByteString.copyFromUtf8(prefix + "config");
        TxnRequest swap = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(key)
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.EQUAL)
                        .setModRevision(expected.revision()))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(json))))
                .build();
        return changed(swap, () -> {
            Versioned now = view().config().orElse(new Versioned("", 0));
            // Sent again it can only lose, to itself or to others.
            return Optional.of(
                    now.revision() == expected.revision()
                            ? changed(swap)
                            : now.json().equals(json));
        });
    }

    /**
     * Removes everything if nothing was written there since a revision; whether the cluster may be forgotten is for the
     * caller to know. A lost answer is followed up by a look.
     *
     * @return whether it was removed
     */
    public boolean remove(long revision) throws InterruptedException {
        TxnRequest removal = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(start())
                        .setRangeEnd(end())
                        .setTarget(Compare.CompareTarget.MOD)
                        .setResult(Compare.CompareResult.LESS)
                        .setModRevision(revision + 1))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestDeleteRange(
                                DeleteRangeRequest.newBuilder().setKey(start()).setRangeEnd(end())))
                .build();
        return changed(removal, () -> view().raw().isEmpty() ? Optional.of(true) : Optional.empty());
    }

    /** Tells whether a change whose answer was lost was made; empty where that cannot be seen. */
    private interface Look {
        Optional<Boolean> made() throws InterruptedException;
    }

    private boolean changed(TxnRequest change, Look look) throws InterruptedException {
        try {
            return changed(change);
        } catch (EtcdException e) {
            if (!e.code().equals(EtcdException.OUTCOME_UNKNOWN)) {
                throw e;
            }
            return seen(look, e).orElseThrow(() -> e);
        }
    }

    private boolean changed(TxnRequest change) throws InterruptedException {
        return rpc.change(channel -> KVGrpc.newBlockingStub(channel).txn(change).getSucceeded());
    }

    private static Optional<Boolean> seen(Look look, EtcdException lost) throws InterruptedException {
        try {
            return look.made();
        } catch (EtcdException e) {
            lost.addSuppressed(e);
            return Optional.empty();
        }
    }

    /** Removes what only a running Patroni may say: leader, members and requests. For when none runs. */
    public void forgetWhoWasThere() throws InterruptedException {
        for (String key : List.of("leader", "failover")) {
            delete(ByteString.copyFromUtf8(prefix + key), ByteString.EMPTY);
        }
        delete(ByteString.copyFromUtf8(prefix + "members/"), ByteString.copyFromUtf8(prefix + "members0"));
    }

    private void delete(ByteString from, ByteString to) throws InterruptedException {
        rpc.change(channel -> KVGrpc.newBlockingStub(channel)
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(from)
                        .setRangeEnd(to)
                        .build()));
    }

    private static void refuseGarbage(String json) {
        boolean object;
        try {
            object = JSON.readTree(json) instanceof ObjectNode node && !node.isEmpty();
        } catch (JsonProcessingException e) {
            object = false;
        }
        if (!object) {
            throw Failures.of(
                    EtcdException.REFUSED,
                    "The new dynamic configuration is no JSON object with something in it; it was not written",
                    "Give an object, for example the one that was read with one value changed.");
        }
    }

    @Override
    public String toString() {
        return "What Patroni keeps in etcd below " + prefix;
    }
}
