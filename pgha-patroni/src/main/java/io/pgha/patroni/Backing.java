package io.pgha.patroni;

import io.pgha.patroni.internal.config.Servers;
import io.pgha.patroni.internal.operation.SqlLogin;
import io.pgha.port.DistributedConfigStore;
import java.util.Optional;

/**
 * What a client has besides the REST API, and closes with itself.
 *
 * @param store the way to what Patroni keeps in the DCS
 * @param login the user that queries connect as where they name none
 * @param roles the roles that Patroni logs in with
 * @param afterClose runs when the client was closed
 */
record Backing(
        Optional<DistributedConfigStore> store,
        Optional<SqlLogin> login,
        Optional<Servers.Roles> roles,
        Runnable afterClose)
        implements AutoCloseable {
    @Override
    public void close() {
        store.ifPresent(DistributedConfigStore::close);
        afterClose.run();
    }
}
