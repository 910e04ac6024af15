package io.pgha.etcd.internal.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthUserListRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Channel;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.etcd.internal.rpc.Rpc;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.port.EtcdUser;
import io.pgha.spi.WorkContext;
import java.util.Optional;
import java.util.function.Function;

/**
 * As whom one step asks etcd: as nobody, which tells whether authentication is enabled; as root, where etcd asks who it
 * is; and as others whose password is tried. Only root changes anything, each time after the cluster's lock was made
 * sure of. Thread-safe.
 */
public final class Callers implements AutoCloseable {
    private final WorkContext context;
    private final Function<Login, Session> door;
    private final Session nobody;
    private final Session root;

    /**
     * Opens the sessions; asks nothing.
     *
     * @param context holds the lock
     * @param root how root logs in
     * @param door opens a session for whoever logs in
     */
    public Callers(WorkContext context, Login root, Function<Login, Session> door) {
        this.context = context;
        this.door = door;
        this.nobody = door.apply(Login.as(Optional.empty()));
        this.root = door.apply(root);
    }

    /** Every member gives the same answer: it asks the quorum first, and so knows of all that was decided before. */
    boolean authenticated() throws InterruptedException {
        return !admitted(nobody, channel -> KVGrpc.newBlockingStub(channel).range(Rpc.ANY_KEY));
    }

    void refuseWrongRoot() throws InterruptedException {
        if (!admitted(
                root,
                channel -> AuthGrpc.newBlockingStub(channel).userList(AuthUserListRequest.getDefaultInstance()))) {
            throw failed("etcd does not take the password of root that the secret store has as etcd.root");
        }
    }

    /** Whether a user logs in and may read something there. */
    boolean reads(EtcdUser user, String key) throws InterruptedException {
        RangeRequest read = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setKeysOnly(true)
                .build();
        try (Session session = door.apply(Login.as(Optional.of(user)))) {
            return admitted(session, channel -> KVGrpc.newBlockingStub(channel).range(read));
        }
    }

    private static boolean admitted(Session session, Function<Channel, Object> question) throws InterruptedException {
        try {
            session.rpc().read(question);
            return true;
        } catch (EtcdException e) {
            if (e.code().equals(EtcdException.UNAUTHORIZED)) {
                return false;
            }
            throw e;
        }
    }

    <T> T read(Function<Channel, T> request) throws InterruptedException {
        return root.rpc().read(request);
    }

    <T> T change(Function<Channel, T> request) throws InterruptedException {
        context.claim();
        return root.rpc().change(request);
    }

    void say(String line) {
        context.say(line);
    }

    RuntimeException failed(String why) {
        return context.failed("failed: " + why);
    }

    @Override
    public void close() {
        nobody.close();
        root.close();
    }
}
