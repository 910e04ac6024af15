package io.pgha.examples.quickstart;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.PgHa;
import io.pgha.examples.lab.LocalLab;
import io.pgha.host.Transport;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Secret;
import io.pgha.spi.SecretStore;
import io.pgha.ssh.Ssh;
import java.nio.file.Path;

/** The six hosts of the lab. */
public final class LabTarget {
    static final Path STATE = Path.of("/var/lib/pgha-quickstart");

    private LabTarget() {}

    /**
     * Returns the cluster of the README: three database nodes, three proxies, one virtual IP.
     *
     * @return the configuration
     */
    public static ClusterConfig config() {
        return ClusterConfig.builder()
                .name("postgresql-cluster")
                .topology(t -> t.node("postgres-01", "192.168.60.103", ETCD, POSTGRES)
                        .node("postgres-02", "192.168.60.104", ETCD, POSTGRES)
                        .node("postgres-03", "192.168.60.105", ETCD, POSTGRES)
                        .node("haproxy-01", "192.168.60.100", HAPROXY)
                        .node("haproxy-02", "192.168.60.101", HAPROXY)
                        .node("haproxy-03", "192.168.60.102", HAPROXY)
                        .vip("192.168.60.110/24"))
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
        return target(transport(privateKey, knownHosts)).open();
    }

    static Target of(LocalLab lab) {
        return target(transport(lab));
    }

    private static Target target(Transport transport) {
        Secret passphrase = SecretStore.directory(STATE).obtain("ca-passphrase", () -> Secret.random(32));
        return new Target(config(), transport, STATE, passphrase);
    }
}
