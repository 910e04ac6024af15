package io.pgha.port;

import io.pgha.model.ClusterConfig;

/** Implemented by the component that brings the certificates; at most one may be installed. Thread-safe. */
public interface PkiProvider {

    /**
     * Returns the certificates of a cluster, opening or creating its authority on first use. May do file I/O.
     *
     * @param config the cluster
     * @return the port to its authority
     */
    Pki pki(ClusterConfig config);
}
