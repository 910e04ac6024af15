package io.pgha.port;

import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.secret.SecretStore;
import java.util.Optional;

/** Implemented by the component whose daemons can keep the cluster's lock; at most one may be installed. Thread-safe. */
public interface OperationLockProvider {

    /**
     * Returns the lock of a cluster. Does no network I/O.
     *
     * @param config the cluster
     * @param transport the way to its hosts
     * @param pki its certificates, where a component brings them
     * @param secrets its passwords
     * @return the lock; one whose daemons do not answer lets everybody in, for it stands behind the lock on the hosts
     */
    OperationLock operationLock(ClusterConfig config, Transport transport, Optional<Pki> pki, SecretStore secrets);
}
