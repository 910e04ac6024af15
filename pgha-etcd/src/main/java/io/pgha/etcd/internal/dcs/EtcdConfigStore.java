package io.pgha.etcd.internal.dcs;

import io.pgha.Problem;
import io.pgha.etcd.DcsView;
import io.pgha.etcd.EtcdException;
import io.pgha.etcd.internal.rpc.Failures;
import io.pgha.etcd.internal.rpc.Session;
import io.pgha.port.DistributedConfigStore;

/** What Patroni keeps of one cluster in etcd. Thread-safe. */
public final class EtcdConfigStore implements DistributedConfigStore {
    private final Session session;
    private final DcsKeys keys;
    private final String scope;

    public EtcdConfigStore(Session session, String namespace, String scope) {
        this.session = session;
        this.keys = new DcsKeys(session.rpc(), session.async(), namespace, scope);
        this.scope = scope;
    }

    @Override
    public Versioned config() throws InterruptedException {
        return keys.view()
                .config()
                .orElseThrow(() -> Failures.of(
                        EtcdException.REFUSED,
                        "Patroni has no dynamic configuration in etcd yet",
                        "Wait until the cluster has bootstrapped, or apply the plan that deploys it."));
    }

    @Override
    public boolean replaceConfig(Versioned expected, String json) throws InterruptedException {
        return told(() -> keys.replaceConfig(expected, json));
    }

    @Override
    public Contents contents() throws InterruptedException {
        DcsView view = keys.view();
        return new Contents(
                scope,
                view.revision(),
                view.raw().size(),
                view.leader(),
                view.members().stream().map(DcsView.Member::name).toList());
    }

    @Override
    public boolean remove(Contents expected) throws InterruptedException {
        return told(() -> keys.remove(expected.revision()));
    }

    private interface Change {
        boolean made() throws InterruptedException;
    }

    private static boolean told(Change change) throws InterruptedException {
        try {
            return change.made();
        } catch (EtcdException e) {
            if (e.code().equals(EtcdException.OUTCOME_UNKNOWN)) {
                throw new EtcdException(Problem.of(OUTCOME_UNKNOWN, e.problem().message(), e.remedy()), e);
            }
            throw e;
        }
    }

    @Override
    public Subscription watch(Runnable changed) {
        return keys.follow(view -> changed.run())::close;
    }

    @Override
    public void close() {
        session.close();
    }
}
