package io.pgha.patroni;

import io.pgha.spi.DynamicConfigStore;
import java.util.Optional;

/**
 * What a client has besides the REST API, and closes with itself.
 *
 * @param store the way to the dynamic configuration in the DCS
 * @param login the user that queries connect as where they name none
 * @param afterClose runs when the client was closed
 */
record Backing(Optional<DynamicConfigStore> store, Optional<SqlLogin> login, Runnable afterClose)
        implements AutoCloseable {
    @Override
    public void close() {
        store.ifPresent(DynamicConfigStore::close);
        afterClose.run();
    }
}
