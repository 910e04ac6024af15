package io.pgha.certs;

import io.pgha.model.ClusterConfig;
import io.pgha.spi.Component;
import java.time.Clock;

/**
 * The door to certificates.
 *
 * <pre>{@code
 * PgHa.builder().install(Certs.component(CaStore.directory(Path.of("pki"), passphrase)))
 * }</pre>
 *
 * <p>What it issues is configured by {@link ClusterConfig#pki()}. By default keys are EC P-256, the authority is valid for 3650
 * days, a node's certificate for 365 days, and the first plan within 60 days of its end renews it.
 */
public final class Certs {
    private Certs() {}

    /**
     * Returns the component that issues the cluster's certificates. A cluster's authority is made and kept when it is first
     * needed, and opened once for the component's life. The component is thread-safe and does I/O only through the store.
     *
     * @param store keeps the authorities
     * @return the component, named {@code certificates}
     */
    public static Component component(CaStore store) {
        return new CertsComponent(store, Clock.systemUTC());
    }

    /**
     * Opens a cluster's authority, for example to issue the certificate of a client of one's own; makes and keeps it where there
     * is none yet. Does I/O through the store, and takes as long as its key derivation does, about a second for a directory.
     *
     * @param store keeps the authorities
     * @param config the cluster
     * @return the authority
     * @throws PkiException when it cannot be opened, made or kept
     */
    public static CertificateAuthority authority(CaStore store, ClusterConfig config) {
        return new CertsComponent(store, Clock.systemUTC()).authority(config);
    }
}
