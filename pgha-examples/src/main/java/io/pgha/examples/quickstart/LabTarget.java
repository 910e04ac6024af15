package io.pgha.examples.quickstart;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.PgHa;
import io.pgha.examples.lab.LabConfig;
import io.pgha.examples.lab.LocalLab;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.secret.Secret;
import io.pgha.secret.SecretStore;
import io.pgha.ssh.Ssh;
import java.nio.file.Path;

/** The six hosts of the lab. */
public final class LabTarget {
    static final Path STATE = Path.of("/var/lib/pgha-quickstart");

    private static final int VIP = 110;

    private LabTarget() {}

    /**
     * Returns the cluster of the README on the lab that has all defaults: three database nodes, three proxies, one
     * virtual IP.
     *
     * @return the configuration
     */
    public static ClusterConfig config() {
        return config(LabConfig.builder().build());
    }

    /**
     * Returns the cluster of the README on the six hosts of a lab.
     *
     * @param lab the description of a lab that has the default hosts
     * @return the configuration
     */
    public static ClusterConfig config(LabConfig lab) {
        return ClusterConfig.builder()
                .name("postgresql-cluster")
                .topology(t -> t.node("postgres-01", lab.address("postgres-01"), ETCD, POSTGRES)
                        .node("postgres-02", lab.address("postgres-02"), ETCD, POSTGRES)
                        .node("postgres-03", lab.address("postgres-03"), ETCD, POSTGRES)
                        .node("haproxy-01", lab.address("haproxy-01"), HAPROXY)
                        .node("haproxy-02", lab.address("haproxy-02"), HAPROXY)
                        .node("haproxy-03", lab.address("haproxy-03"), HAPROXY)
                        .vip(lab.address(VIP) + "/" + lab.prefix()))
                .postgres(pg -> pg.parameter("max_connections", 200))
                .build();
    }

    /**
     * Returns the way to the lab's hosts, as the user {@code ops}, who may become root.
     *
     * @param lab a lab that is up
     * @return the transport
     */
    public static Transport transport(LocalLab lab) {
        return transport(lab.privateKey(), lab.knownHosts());
    }

    private static Transport transport(Path privateKey, Path knownHosts) {
        return Ssh.transport(ssh -> ssh.user("ops").privateKey(privateKey).knownHosts(knownHosts));
    }

    /**
     * Opens the library on the cluster that the quickstart has left up; several processes may.
     *
     * @param privateKey the lab's key
     * @param knownHosts the keys of its hosts
     * @return the library; the caller closes it
     */
    public static PgHa open(Path privateKey, Path knownHosts) {
        return target(config(), transport(privateKey, knownHosts)).open();
    }

    static Target of(LocalLab lab) {
        return target(config(lab.config()), transport(lab));
    }

    private static Target target(ClusterConfig config, Transport transport) {
        Secret passphrase = SecretStore.directory(STATE).obtain("ca-passphrase", () -> Secret.random(32));
        return new Target(config, transport, STATE, passphrase);
    }
}
