package io.pgha.examples.quickstart;

import io.pgha.Cluster;
import io.pgha.host.Transport;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.ssh.Ssh;
import io.pgha.ssh.SshOptions;
import java.util.function.UnaryOperator;

/** How hosts of one's own and the Patroni on them are reached. */
interface Reach {
    /** Over SSH. */
    Reach REAL = new Reach() {
        @Override
        public Transport hosts(UnaryOperator<SshOptions.Builder> ssh) {
            return Ssh.transport(ssh);
        }

        @Override
        public PatroniClient patroni(Cluster cluster) {
            return Patroni.client(cluster);
        }
    };

    Transport hosts(UnaryOperator<SshOptions.Builder> ssh);

    PatroniClient patroni(Cluster cluster);
}
