package io.pgha.etcd.internal.auth;

import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.pgha.model.ClusterConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Disables authentication, and deletes the users when every Patroni has been seen to write without it. Where that has
 * been done nothing is changed. Thread-safe.
 */
public final class Disabling {
    private final Callers etcd;
    /** Root goes last: whatever else is left is found by the next attempt. */
    private final List<String> names;

    private final Accounts accounts;
    private final WriteProof proof;
    private final Unproven unproven;

    /**
     * Prepares it; asks nothing.
     *
     * @param etcd as whom etcd is asked
     * @param config the cluster
     * @param limit how long a Patroni may take to write
     */
    public Disabling(Callers etcd, ClusterConfig config, Duration limit) {
        this.etcd = etcd;
        this.names = List.of(config.name(), "root");
        this.accounts = new Accounts(etcd);
        this.proof = new WriteProof(etcd, config, limit);
        this.unproven = new Unproven(etcd, config.name());
    }

    /**
     * Does it. Does network I/O and blocks, at most for one proof.
     *
     * @throws io.pgha.PgHaException when it cannot be done, also where authentication is disabled and a Patroni does
     *     not write
     * @throws InterruptedException when the run is cancelled
     */
    public void run() throws InterruptedException {
        if (etcd.authenticated()) {
            etcd.refuseWrongRoot();
            etcd.change(
                    channel -> AuthGrpc.newBlockingStub(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
            if (etcd.authenticated()) {
                throw etcd.failed("authentication is not disabled");
            }
        }
        if (accounts.anyOf(names)) {
            Optional<String> why = proof.presentMissed();
            if (why.isPresent()) {
                throw etcd.failed(why.get());
            }
            etcd.say("every Patroni writes without authentication; its users are deleted now");
            unproven.clear();
            for (String name : names) {
                accounts.delete(name);
            }
        }
    }
}
