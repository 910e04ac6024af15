package io.pgha.etcd;

import io.pgha.Problem;
import io.pgha.port.DistributedConfigStore;

/** What Patroni keeps of one cluster in etcd. Thread-safe. */
final class EtcdConfigStore implements DistributedConfigStore {
    private final EtcdClient client;
    private final Dcs dcs;
    private final String scope;

    EtcdConfigStore(EtcdClient client, String namespace, String scope) {
        this.client = client;
        this.dcs = client.dcs(namespace, scope);
        this.scope = scope;
    }

    @Override
    public Versioned config() throws InterruptedException {
        return dcs.view()
                .config()
                .orElseThrow(() -> EtcdException.of(
                        EtcdException.REFUSED,
                        "Patroni has no dynamic configuration in etcd yet",
                        "Wait until the cluster has bootstrapped, or apply the plan that deploys it."));
    }

    @Override
    public boolean replaceConfig(Versioned expected, String json) throws InterruptedException {
        return told(() -> dcs.replaceConfig(expected, json));
    }

    @Override
    public Contents contents() throws InterruptedException {
        DcsView view = dcs.view();
        return new Contents(
                scope,
                view.revision(),
                view.raw().size(),
                view.leader(),
                view.members().stream().map(DcsView.Member::name).toList());
    }

    @Override
    public boolean remove(Contents expected) throws InterruptedException {
        return told(() -> dcs.remove(expected.revision()));
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
        return dcs.watch(view -> changed.run())::close;
    }

    @Override
    public void close() {
        client.close();
    }
}
