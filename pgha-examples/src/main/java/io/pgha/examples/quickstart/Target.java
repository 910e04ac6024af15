package io.pgha.examples.quickstart;

import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.Patroni;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import java.nio.file.Path;

/**
 * Where to deploy to: the hosts, how they are reached, and where passwords and certificates are kept. Immutable.
 *
 * @param config the cluster
 * @param transport the way to the hosts
 * @param state the operator's directory: {@code secrets} and {@code pki} are below it
 * @param passphrase protects the certificate authority's key
 */
record Target(ClusterConfig config, Transport transport, Path state, Secret passphrase) {

    /** The whole library, installed by hand: an absent component can not go unnoticed. */
    PgHa open() {
        return PgHa.builder()
                .transport(transport)
                .secrets(SecretStore.directory(state.resolve("secrets")))
                .install(Certs.component(CaStore.directory(state.resolve("pki"), passphrase)))
                .install(Etcd.component())
                .install(Patroni.component())
                .build();
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
