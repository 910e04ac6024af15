package io.pgha.examples;

import static io.pgha.model.NodeRole.ETCD;
import static io.pgha.model.NodeRole.HAPROXY;
import static io.pgha.model.NodeRole.POSTGRES;

import io.pgha.Cluster;
import io.pgha.PgHa;
import io.pgha.certs.CaStore;
import io.pgha.certs.Certs;
import io.pgha.etcd.Etcd;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Secret;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.plan.Plan;
import io.pgha.run.RunListener;
import io.pgha.spi.SecretStore;
import io.pgha.ssh.Ssh;
import java.nio.file.Path;

/** The sentence of the README: describe, open, plan, apply, operate. */
public final class Sentence {
    private Sentence() {}

    /**
     * Deploys to the hosts that it names and switches over.
     *
     * @param caPassphrase protects the key of the certificate authority
     * @throws InterruptedException when the thread is interrupted
     */
    public static void deploy(Secret caPassphrase) throws InterruptedException {
        // region sentence
        ClusterConfig config = ClusterConfig.builder()
                .name("postgresql-cluster")
                .topology(t -> t.node("postgres-01", "192.168.60.103", ETCD, POSTGRES)
                        .node("postgres-02", "192.168.60.104", ETCD, POSTGRES)
                        .node("postgres-03", "192.168.60.105", ETCD, POSTGRES)
                        .node("haproxy-01", "192.168.60.100", HAPROXY)
                        .node("haproxy-02", "192.168.60.101", HAPROXY)
                        .vip("192.168.60.110/24"))
                .postgres(pg -> pg.version(17).parameter("max_connections", 300))
                .build(); // every problem at once, each with its remedy

        try (PgHa pgha = PgHa.builder()
                .transport(Ssh.transport(
                        ssh -> ssh.user("ops").privateKey(Path.of("id_ed25519")).knownHosts(Path.of("known_hosts"))))
                .secrets(SecretStore.directory(Path.of("secrets")))
                .install(Certs.component(CaStore.directory(Path.of("pki"), caPassphrase)))
                .install(Etcd.component())
                .install(Patroni.component())
                .build()) {
            Cluster cluster = pgha.cluster(config);
            Plan plan = cluster.plan(); // reads only
            System.out.println(plan); // the dry run
            plan.apply(run -> run.listener(RunListener.console()));

            try (PatroniClient patroni = Patroni.client(cluster)) {
                patroni.switchover(s -> s.to("postgres-02"));
            }
        }
        // endregion
    }
}
