package io.pgha.etcd.internal.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pgha.port.EtcdUser;
import io.pgha.secret.SecretStore;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who logs in, and when etcd asks for it: not before it does, for a member without a quorum takes no log-in but answers
 * other questions, and whether authentication is enabled is for etcd to say. Immutable and thread-safe; getting the
 * user may do I/O.
 */
public final class Login {
    private final Optional<Supplier<EtcdUser>> user;

    private Login(Optional<Supplier<EtcdUser>> user) {
        this.user = user;
    }

    public static Login as(Optional<EtcdUser> user) {
        return new Login(user.map(known -> () -> known));
    }

    /** The store is not touched before etcd asks. */
    public static Login asRoot(SecretStore secrets) {
        return new Login(Optional.of(() -> EtcdUser.root(secrets)));
    }

    /** Returns who logs in after a refusal; nobody where logging in would not help. */
    Optional<EtcdUser> after(StatusRuntimeException refusal, Optional<String> token) {
        boolean asked = token.isPresent() ? outdated(refusal.getStatus()) : unknown(refusal.getStatus());
        return asked ? user.map(Supplier::get) : Optional.empty();
    }

    /**
     * A token is good for five minutes without use, and until its member restarts; one of an older list of users may be
     * refused.
     */
    private static boolean outdated(Status status) {
        return status.getCode() == Status.Code.UNAUTHENTICATED
                || says(status, "invalid auth token")
                || says(status, "revision of auth store is old");
    }

    /** Without a token etcd takes the common name of the client's certificate for the user. */
    private static boolean unknown(Status status) {
        return status.getCode() == Status.Code.UNAUTHENTICATED
                || status.getCode() == Status.Code.PERMISSION_DENIED
                || says(status, "user name is empty")
                || says(status, "user name not found")
                || says(status, "user not found");
    }

    /** Returns whether a log-in failed because none is needed. */
    static boolean needless(StatusRuntimeException failure) {
        return says(failure.getStatus(), "authentication is not enabled");
    }

    private static boolean says(Status status, String text) {
        String description = Optional.ofNullable(status.getDescription()).orElse("");
        return description.toLowerCase(Locale.ROOT).contains(text);
    }
}
