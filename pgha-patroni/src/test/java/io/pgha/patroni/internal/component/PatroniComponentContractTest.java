package io.pgha.patroni.internal.component;

import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import java.util.List;

class PatroniComponentContractTest extends ComponentContract {
    @Override
    protected List<Component> components() {
        return List.of(PatroniComponent.create());
    }

    @Override
    protected List<String> units() {
        return List.of("patroni");
    }
}
