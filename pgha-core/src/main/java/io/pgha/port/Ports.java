package io.pgha.port;

import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.secret.SecretStore;
import java.util.Optional;

/** What the installed components offer each other for one cluster, looked up by type. Thread-safe. */
public interface Ports {

    /**
     * Returns the cluster as it should be.
     *
     * @return the configuration
     */
    ClusterConfig config();

    /**
     * Returns the way to the machines.
     *
     * @return the transport; closing it is for its owner
     */
    Transport transport();

    /**
     * Returns the passwords.
     *
     * @return the store, narrowed to this cluster
     */
    SecretStore secrets();

    /**
     * Opens what a component offers. May do file I/O, and no network I/O.
     *
     * @param port its type, for example {@code Pki.class}
     * @param <T> its type
     * @return it, which the caller closes where it can be closed; empty where no installed component offers it
     */
    <T> Optional<T> find(Class<T> port);
}
