package io.pgha.certs;

import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.certs.internal.authority.Failure;
import io.pgha.certs.internal.cluster.CertsComponent;
import io.pgha.certs.internal.cluster.ClusterPki;
import io.pgha.model.ClusterConfig;
import io.pgha.spi.Component;
import java.time.Clock;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * The door to certificates.
 *
 * <pre>{@code
 * PgHa.builder().install(Certs.component(CaStore.directory(Path.of("pki"), passphrase)))
 * }</pre>
 *
 * <p>What it issues is configured by {@link ClusterConfig#pki()}. By default keys are EC P-256, the authority is valid
 * for 3650 days, a node's certificate for 365 days, and the first plan within 60 days of its end renews it.
 */
public final class Certs {
    private Certs() {}

    /**
     * Returns the component that issues the cluster's certificates. A cluster's authority is made and kept when it is
     * first needed, and read again for every plan. The component is thread-safe and does I/O only through the store.
     *
     * @param store keeps the authorities
     * @return the component, named {@code certificates}
     */
    public static Component component(CaStore store) {
        Given.value(store, "store");
        return new CertsComponent(store, Clock.systemUTC());
    }

    /**
     * Opens a cluster's authority, for example to issue the certificate of a client of one's own; makes and keeps it
     * where there is none yet. Does I/O through the store, and takes as long as its key derivation does, about a second
     * for a directory.
     *
     * @param store keeps the authorities
     * @param config the cluster
     * @return the authority
     * @throws PkiException when it cannot be opened, made or kept, or it or an issuer has ended (code
     *     {@code pki.authority-expired})
     */
    public static CertificateAuthority authority(CaStore store, ClusterConfig config) {
        Given.value(store, "store");
        Given.value(config, "config");
        return new CertificateAuthority(
                ClusterPki.of(store, config, Clock.systemUTC()).authority());
    }

    /**
     * Makes an existing authority, for example an intermediate one of the company, that of a cluster which has none
     * yet; it is kept in the store, and only a certificate and key that belong together and may sign others are. To
     * change the authority of a cluster that has one, see {@link CertsClient#rotateCa(CertificateAuthority)}.
     *
     * <p>Daemons will trust every certificate of its issuers, too: with the company's root among them, whoever has any
     * certificate of the company is let in to etcd.
     *
     * @param store keeps the authority
     * @param cluster the cluster's name
     * @param authority the authority, from {@link CertificateAuthority#open}
     * @throws PkiException when it is not valid now (codes {@code pki.authority-expired},
     *     {@code pki.authority-not-yet-valid}), the cluster has another authority already
     *     ({@code pki.authority-exists}), or when it cannot be kept
     */
    public static void adopt(CaStore store, String cluster, CertificateAuthority authority) {
        Given.value(store, "store");
        Given.value(cluster, "cluster");
        Given.value(authority, "authority");
        authority.authority().requireValid(Instant.now());
        KeptAuthority wanted = KeptAuthority.of(authority.bundle());
        KeptAuthority kept = store.keep(cluster, wanted);
        if (!kept.authority().equals(wanted.authority())) {
            throw Failure.of(
                    "pki.authority-exists",
                    "The cluster " + cluster + " has another certificate authority already",
                    "Replace it under way with Certs.client(cluster).rotateCa(authority).");
        }
    }

    /**
     * Opens a client that shows and rotates the certificates of a cluster. It reaches the hosts by the cluster's own
     * transport: files by commands, daemons through tunnels. Does no I/O: the first call connects.
     *
     * @param cluster a cluster whose certificates come from {@link #component}
     * @return the client; close it after use, and before the {@link io.pgha.PgHa} that the cluster came from
     * @throws PkiException when they come from elsewhere (code {@code pki.not-ours})
     */
    public static CertsClient client(Cluster cluster) {
        Given.value(cluster, "cluster");
        return client(cluster, options -> options);
    }

    /**
     * Opens a client that shows and rotates the certificates of a cluster. Does no I/O: the first call connects.
     *
     * @param cluster a cluster whose certificates come from {@link #component}
     * @param options completes the options
     * @return the client; close it after use, and before the {@link io.pgha.PgHa} that the cluster came from
     * @throws PkiException when they come from elsewhere (code {@code pki.not-ours})
     */
    public static CertsClient client(Cluster cluster, UnaryOperator<CertsClientOptions.Builder> options) {
        Given.value(cluster, "cluster");
        if (cluster.pki().orElse(null) instanceof ClusterPki pki) {
            return new CertsClient(
                    cluster,
                    pki,
                    Given.completed(CertsClientOptions.builder(), options, "options")
                            .build());
        }
        throw Failure.of(
                "pki.not-ours",
                "The certificates of " + cluster.config().name() + " do not come from Certs.component",
                "Add .install(Certs.component(CaStore.directory(path, passphrase))) to PgHa.builder().");
    }
}
