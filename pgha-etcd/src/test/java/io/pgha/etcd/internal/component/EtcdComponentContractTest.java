package io.pgha.etcd.internal.component;

import io.pgha.etcd.Etcd;
import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import java.util.List;

class EtcdComponentContractTest extends ComponentContract {
    @Override
    protected List<Component> components() {
        return List.of(Etcd.component());
    }

    @Override
    protected List<String> units() {
        return List.of("etcd");
    }
}
