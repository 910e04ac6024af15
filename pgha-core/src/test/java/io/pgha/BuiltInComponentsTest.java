package io.pgha;

import io.pgha.spi.Component;
import io.pgha.spi.ComponentContract;
import java.util.List;

/** The components that every library has: operating system, HAProxy, keepalived. */
class BuiltInComponentsTest extends ComponentContract {
    @Override
    protected List<Component> components() {
        return List.of();
    }

    @Override
    protected List<String> units() {
        return List.of("haproxy", "keepalived");
    }
}
