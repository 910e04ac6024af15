package io.pgha.etcd.internal.component;

import io.pgha.etcd.Etcd;
import io.pgha.model.ClusterConfig;
import io.pgha.model.etcd.EtcdAuthentication;
import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import io.pgha.testing.Rehearsal;
import java.util.List;

class EtcdAuthenticationContractTest extends ComponentContract {
    @Override
    protected ClusterConfig config() {
        return Rehearsal.config()
                .etcd(etcd -> etcd.authentication(EtcdAuthentication.ENABLED))
                .build();
    }

    @Override
    protected List<Component> components() {
        return List.of(Etcd.component());
    }

    @Override
    protected List<String> units() {
        return List.of("etcd");
    }
}
