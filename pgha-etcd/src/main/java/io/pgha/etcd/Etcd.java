package io.pgha.etcd;

import io.pgha.Cluster;
import io.pgha.Given;
import io.pgha.etcd.internal.component.EtcdComponent;
import io.pgha.etcd.internal.rpc.ClusterAccess;
import io.pgha.etcd.internal.rpc.Login;
import io.pgha.host.Tunnels;
import io.pgha.port.EtcdUser;
import io.pgha.spi.Component;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The door to etcd: the component that builds the cluster, and clients that operate it. Stateless and thread-safe.
 *
 * <pre>{@code
 * try (EtcdClient etcd = Etcd.client(cluster)) {
 *     System.out.println(etcd.status());
 *     etcd.snapshot(Path.of("etcd.snapshot"));
 * }
 * }</pre>
 *
 * <p>Defaults: those of {@link EtcdClientOptions}.
 *
 * <p>The clients stand on gRPC, which logs through {@code java.util.logging}, and tells every process on its first
 * connection whether it found epoll. What of it is shown is left to the application: nothing global is set here.
 */
public final class Etcd {
    private Etcd() {}

    /**
     * Returns the component that installs etcd on the nodes that have the role, with mutual TLS between members and
     * towards clients, and keeps it as configured: members restart one at a time, and only while all others are
     * healthy.
     *
     * <p>Members keep their data in {@code /var/lib/etcd/CLUSTER} and their settings in {@code /etc/etcd}; Debian's own
     * settings and its {@code /var/lib/etcd/default} are left alone and have no effect. A member without data joins the
     * cluster that answers; where none has ever been ready, the members form a new one.
     *
     * @return the component; immutable and thread-safe
     */
    public static Component component() {
        return new EtcdComponent();
    }

    /**
     * Opens a client of the cluster that the given endpoints belong to. Does no I/O: the first call connects.
     *
     * @param options sets at least one endpoint
     * @return the client; close it after use
     * @throws io.pgha.model.InvalidConfigException when the options are not valid, with every problem
     * @throws EtcdException {@code etcd.tls} when a certificate or key among the options cannot be read
     */
    public static EtcdClient client(UnaryOperator<EtcdClientOptions.Builder> options) {
        EtcdClientOptions built =
                Given.completed(EtcdClientOptions.builder(), options, "options").build();
        Login login = Login.as(built.username()
                .flatMap(name -> built.password().map(password -> new EtcdUser(name, password))));
        return new EtcdClient(built, login, Optional.empty(), () -> {});
    }

    /**
     * Opens a client of a cluster that pgha describes: its members, through tunnels of its SSH connections, with a
     * certificate that its authority issues for this client, and as {@code root} where etcd's authentication is
     * enabled. Does no I/O on the network: the first call connects.
     *
     * @param cluster the cluster
     * @return the client; close it after use, and before the {@link io.pgha.PgHa} that the cluster came from
     */
    public static EtcdClient client(Cluster cluster) {
        Given.value(cluster, "cluster");
        Tunnels tunnels = ClusterAccess.tunnels(cluster.config(), cluster.transport());
        return new EtcdClient(
                ClusterAccess.options(cluster.config(), cluster.pki(), tunnels)
                        .maintenance(cluster.maintenance())
                        .build(),
                Login.asRoot(cluster.secrets()),
                Optional.of(cluster),
                tunnels::close);
    }
}
