package io.pgha.internal;

import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import java.util.List;

class ToyComponentTest extends ComponentContract {
    @Override
    protected List<Component> components() {
        return List.of(new ToyComponent("one\n"));
    }

    @Override
    protected List<String> units() {
        return List.of("toy");
    }
}
