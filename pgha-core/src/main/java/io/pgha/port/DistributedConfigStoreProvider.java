package io.pgha.port;

import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.secret.SecretStore;
import java.util.Optional;

/** Implemented by the component that brings the DCS; at most one may be installed. Thread-safe. */
public interface DistributedConfigStoreProvider {

    /**
     * Opens what Patroni keeps of a cluster. Does no network I/O.
     *
     * @param config the cluster
     * @param transport the way to its hosts
     * @param pki its certificates, where a component brings them
     * @param secrets its passwords
     * @return the store; closing it is for the caller
     */
    DistributedConfigStore distributedConfigStore(
            ClusterConfig config, Transport transport, Optional<Pki> pki, SecretStore secrets);
}
