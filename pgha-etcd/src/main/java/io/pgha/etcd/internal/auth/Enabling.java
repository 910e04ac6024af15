package io.pgha.etcd.internal.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.Permission;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.dcs.DcsKeys;
import io.pgha.model.ClusterConfig;
import io.pgha.port.EtcdUser;
import java.time.Duration;
import java.util.Optional;

/**
 * Enables authentication, when every Patroni has been seen to write without it, and disables it again when one is not
 * seen to write with it. Whatever an earlier attempt has left, the end is the same. Thread-safe.
 */
public final class Enabling {
    private final Callers etcd;
    private final EtcdUser root;
    private final EtcdUser patroni;
    private final String prefix;
    private final Permission own;
    private final Accounts accounts;
    private final WriteProof proof;
    private final Unproven unproven;

    /**
     * Prepares it; asks nothing.
     *
     * @param etcd as whom etcd is asked
     * @param config the cluster
     * @param root the superuser
     * @param patroni the user as whom every Patroni logs in, kept within the cluster's own keys
     * @param limit how long a Patroni may take to write
     */
    public Enabling(Callers etcd, ClusterConfig config, EtcdUser root, EtcdUser patroni, Duration limit) {
        this.etcd = etcd;
        this.root = root;
        this.patroni = patroni;
        this.prefix = DcsKeys.prefix(config.patroni().namespace(), config.name());
        this.own = Permission.newBuilder()
                .setPermType(Permission.Type.READWRITE)
                .setKey(ByteString.copyFromUtf8(prefix))
                .setRangeEnd(ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + '0'))
                .build();
        this.accounts = new Accounts(etcd);
        this.proof = new WriteProof(etcd, config, limit);
        this.unproven = new Unproven(etcd, config.name());
    }

    /**
     * Does it. Does network I/O and blocks, at most for two proofs.
     *
     * @throws io.pgha.PgHaException when it cannot be done; authentication is as it was, or disabled
     * @throws InterruptedException when the run is cancelled
     */
    public void run() throws InterruptedException {
        boolean enabled = etcd.authenticated();
        if (enabled) {
            etcd.refuseWrongRoot();
        }
        users(enabled);
        rights();
        if (!enabled) {
            enable();
        }
        prove();
    }

    /** The password of a user that logs in is left alone: with a new one all that it has opened is shut. */
    private void users(boolean enabled) throws InterruptedException {
        if (!enabled) {
            accounts.ensure(root);
            accounts.ensureRole(root.name());
            accounts.ensure(patroni);
        } else if (!etcd.reads(patroni, prefix)) {
            accounts.ensure(patroni);
        }
    }

    private void rights() throws InterruptedException {
        if (!accounts.mayJust(patroni.name(), own)) {
            accounts.letJust(patroni.name(), own);
            if (!accounts.mayJust(patroni.name(), own)) {
                throw etcd.failed("etcd has another idea of what " + patroni.name() + " may do: "
                        + accounts.told(patroni.name()));
            }
        }
    }

    private void enable() throws InterruptedException {
        Optional<String> why = proof.everyoneMissed();
        if (why.isPresent()) {
            throw etcd.failed(why.get() + "; authentication was not enabled");
        }
        etcd.say("every Patroni writes; authentication is enabled now");
        unproven.mark();
        etcd.change(channel -> AuthGrpc.newBlockingStub(channel).authEnable(AuthEnableRequest.getDefaultInstance()));
        if (!etcd.authenticated()) {
            throw etcd.failed("etcd does not say that authentication is enabled");
        }
    }

    private void prove() throws InterruptedException {
        Optional<String> why = proof.everyoneMissed();
        if (why.isPresent()) {
            takeBack(why.get() + " with authentication enabled");
        }
        unproven.clear();
        etcd.say("every Patroni writes with authentication");
    }

    private void takeBack(String why) throws InterruptedException {
        try {
            etcd.change(
                    channel -> AuthGrpc.newBlockingStub(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
            unproven.clear();
        } catch (EtcdException e) {
            RuntimeException failure = etcd.failed(
                    why + ", and it could not be disabled again: " + e.problem().message());
            failure.addSuppressed(e);
            throw failure;
        }
        throw etcd.failed(why + "; it was disabled again");
    }
}
