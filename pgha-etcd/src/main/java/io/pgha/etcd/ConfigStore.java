package io.pgha.etcd;

import io.pgha.spi.DynamicConfigStore;

/** Patroni's dynamic configuration where Patroni keeps it. Thread-safe. */
final class ConfigStore implements DynamicConfigStore {
    private final EtcdClient client;
    private final Dcs dcs;

    ConfigStore(EtcdClient client, Dcs dcs) {
        this.client = client;
        this.dcs = dcs;
    }

    @Override
    public Versioned read() throws InterruptedException {
        return dcs.view()
                .config()
                .orElseThrow(() -> EtcdException.of(
                        EtcdException.REFUSED,
                        "Patroni has no dynamic configuration in etcd yet",
                        "Wait until the cluster has bootstrapped, or apply the plan that deploys it."));
    }

    @Override
    public boolean replace(Versioned expected, String json) throws InterruptedException {
        return dcs.replaceConfig(expected, json);
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
