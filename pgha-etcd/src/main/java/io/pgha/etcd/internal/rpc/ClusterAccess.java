package io.pgha.etcd.internal.rpc;

import io.pgha.etcd.EtcdClientOptions;
import io.pgha.etcd.internal.EtcdLayout;
import io.pgha.host.Transport;
import io.pgha.host.Tunnels;
import io.pgha.model.ClusterConfig;
import io.pgha.port.CertificateRequest;
import io.pgha.port.Pki;
import io.pgha.secret.SecretStore;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How one gets at the etcd of a cluster that pgha describes: through tunnels to its members, with a certificate that
 * its authority issues. Stateless.
 */
public final class ClusterAccess {
    private ClusterAccess() {}

    /** A session for what core asks for, which knows the cluster by its parts. */
    public static Session session(ClusterConfig config, Transport transport, Optional<Pki> pki, SecretStore secrets) {
        Tunnels tunnels = tunnels(config, transport);
        return new Session(options(config, pki, tunnels).build(), Login.asRoot(secrets), tunnels::close);
    }

    public static Tunnels tunnels(ClusterConfig config, Transport transport) {
        return new Tunnels(transport, config.etcdNodes(), "etcd");
    }

    public static EtcdClientOptions.Builder options(
            ClusterConfig config, Optional<Pki> pki, UnaryOperator<InetSocketAddress> route) {
        EtcdClientOptions.Builder options = EtcdClientOptions.builder().route(route);
        config.etcdNodes().forEach(node -> options.endpoint(EtcdLayout.clientUrl(config, node)));
        pki.ifPresent(authority -> options.trust(authority.trustedCertificates())
                .clientCertificate(authority.issue(CertificateRequest.builder()
                        .usage("etcd client")
                        .names("pgha")
                        .build())));
        return options;
    }
}
